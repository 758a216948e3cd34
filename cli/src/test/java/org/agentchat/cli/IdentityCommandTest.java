package org.agentchat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.agentchat.cli.Commands.Ran;
import org.agentchat.schemas.json.Json;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

final class IdentityCommandTest {
  @TempDir private Path folder;
  private String home = "";
  private Path file = Path.of("");

  @BeforeEach
  void placeHome() {
    Path path = folder.resolve(".agentchat");
    home = path.toString();
    file = path.resolve("identity.json");
  }

  @Test
  void saysHowToMakeOneWhenThereIsNone() {
    Ran ran = Commands.run("identity", "--home", home);

    assertThat(ran.exit()).isZero();
    assertThat(ran.out())
        .isEqualTo("No identity found.\nUse --generate to create one at " + file + "\n");
  }

  @Test
  void makesOneThatOnlyItsOwnerCanReadAndGitIgnores() throws IOException {
    Ran ran = Commands.run("identity", "--generate", "-n", "alice", "--home", home);

    String id = PublicIdentity.read(file, "-f").id().name();
    assertThat(ran.exit()).isZero();
    assertThat(ran.out())
        .isEqualTo(
            """
            Generated new identity:
              Name: alice
              Fingerprint: %s
              Agent ID: %s
              Saved to: %s
            """
                .formatted(id, id, file));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(file.resolveSibling(".gitignore"))
        .hasContent("# This directory contains private keys. Never commit.\n*\n");
  }

  @Test
  void keepsTheOneThatIsThereUnlessForced() throws IOException {
    Commands.run("identity", "-g", "--home", home);
    String before = Files.readString(file);

    Ran refused = Commands.run("identity", "-g", "--home", home);

    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.err())
        .isEqualTo("Identity already exists at " + file + "\nUse --force to overwrite\n");
    assertThat(file).hasContent(before);
    assertThat(Commands.run("identity", "-g", "--force", "--home", home).exit()).isZero();
    assertThat(Files.readString(file)).isNotEqualTo(before);
  }

  @Test
  void showsIt() {
    Commands.run("identity", "-g", "-n", "alice", "--home", home);

    Ran ran = Commands.run("identity", "--show", "--home", home);

    PublicIdentity identity = PublicIdentity.read(file, "-f");
    String id = identity.id().name();
    assertThat(ran.out())
        .isEqualTo(
            """
            Current identity:
              Name: alice
              Fingerprint: %s
              Agent ID: %s
              Created: %s
              File: %s
            """
                .formatted(id, id, identity.created(), file));
  }

  @Test
  void exportsThePublicHalfOnly() {
    Commands.run("identity", "-g", "-n", "alice", "--home", home);

    Ran ran = Commands.run("identity", "--export", "--home", home);

    JsonNode export = Json.parse(ran.out());
    assertThat(export.propertyNames()).containsExactly("name", "pubkey", "created", "rotations");
    assertThat(ran.out())
        .startsWith("{\n  \"name\": \"alice\",\n")
        .endsWith("\"rotations\": []\n}\n");
    assertThat(ran.out()).doesNotContain("PRIVATE");
  }

  @Test
  void namesEarlierKeys() throws IOException {
    Commands.run("identity", "-g", "--home", home);
    String rotated =
        Files.readString(file)
            .replaceFirst("\\{", "{\"rotations\":[{\"old_agent_id\":\"bba98bb1753383a0\"}],");
    Files.writeString(file, rotated);

    Ran ran = Commands.run("identity", "--home", home);

    assertThat(ran.out())
        .contains("  Rotations: 1\n  Original Agent ID: bba98bb1753383a0\n")
        .doesNotContain("File:");
  }

  @Test
  void neverQuotesFileThatIsBroken() throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "{\"privateKey\": secret}");

    Ran ran = Commands.run("identity", "--show", "--home", home);

    assertThat(ran.exit()).isEqualTo(Exit.FAILED);
    assertThat(ran.err()).contains("is not an identity file").doesNotContain("secret");
  }

  @Test
  void refusesNameThatNoRelayTakes() {
    Ran ran = Commands.run("identity", "-g", "-n", "two words", "--home", home);

    assertThat(ran.exit()).isEqualTo(Exit.USAGE);
    assertThat(file).doesNotExist();
  }
}
