package org.agentchat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.agentchat.cli.Commands.Ran;
import org.agentchat.escrow.chain.DevSigners;
import org.agentchat.schemas.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Keys for a chain, made, imported and shown; and what is said when a command line makes no sense.
final class EscrowKeyCommandTest {
  private static final String SECRET =
      "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";

  @TempDir private Path folder;

  @Test
  void newKeyIsShownAgainAndNeverOverwritten() throws IOException {
    Path password = secret("password", "sesame\n");
    Path file = folder.resolve("key.json");
    Ran made = key(file, password, "--new", "--json");
    assertThat(made.exit()).as(made.err()).isEqualTo(Exit.OK);
    String address = Json.parse(made.out()).path("address").stringValue();
    assertThat(address).matches("0x[0-9a-f]{40}");
    assertThat(Json.parse(key(file, password, "--json").out()).path("address").stringValue())
        .isEqualTo(address);
    Ran again = key(file, password, "--new");
    assertThat(again.exit()).isEqualTo(Exit.FAILED);
    assertThat(again.err()).contains("never overwritten");
  }

  @Test
  void importedKeyComesFromStandardInputAlone() throws IOException {
    Path password = secret("password", "sesame\n");
    Ran imported =
        typing(SECRET + "\n", folder.resolve("key.json"), password.toString(), "--import");
    assertThat(imported.exit()).as(imported.err()).isEqualTo(Exit.OK);
    assertThat(imported.out()).contains(DevSigners.signer(0).address().checksummed());
    Ran wrong = typing("12\n", folder.resolve("other.json"), password.toString(), "--import");
    assertThat(wrong.err()).contains("64 hexadecimal digits, not 2 characters");
    assertThat(folder.resolve("other.json")).doesNotExist();
  }

  @Test
  void passwordMayComeFromStandardInput() throws IOException {
    Path file = folder.resolve("key.json");
    assertThat(typing("open sesame\n", file, "-", "--new").exit()).isEqualTo(Exit.OK);
    assertThat(typing("open sesame\n", file, "-").exit()).isEqualTo(Exit.OK);
    Ran wrong = typing("wrong\n", file, "-");
    assertThat(wrong.exit()).isEqualTo(Exit.FAILED);
    assertThat(wrong.err()).contains("password does not open").doesNotContain("sesame");
    assertThat(typing("", file, "-").err()).contains("nothing came");
  }

  @Test
  void passwordOnTheCommandLineIsNoOption() {
    Ran ran = Commands.run("escrow", "key", "--new", "--keystore", "x", "--password", "sesame");
    assertThat(ran.exit()).isEqualTo(Exit.USAGE);
    assertThat(ran.err()).doesNotContain("sesame");
  }

  @Test
  void typingMistakesGetUsefulSentences() {
    usage("perhaps", "escrow", "relase", "prop_x");
    usage(
        "typing mistake",
        "escrow",
        "withdraw",
        "--contract",
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAee",
        "--keystore",
        "k",
        "--password-file",
        "p");
    usage(
        "an address is 0x and 40 hexadecimal digits, not '0x12' (4 characters)",
        "escrow",
        "reconcile",
        "--contract",
        "0x12");
    usage(
        "begins with prop_", "escrow", "lock", "0xabc", "--keystore", "k", "--password-file", "p");
    usage("--keystore", "escrow", "lock", "prop_x");
    usage(
        "--rpc is the address of a node",
        "escrow",
        "reconcile",
        "--contract",
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        "--rpc",
        "localhost:8545");
  }

  @Test
  void nodeThatIsNotThereIsUnreachable() {
    Ran ran =
        Commands.run(
            "escrow",
            "reconcile",
            "--contract",
            "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
            "--rpc",
            "http://127.0.0.1:1/SECRET");
    assertThat(ran.exit()).isEqualTo(Exit.UNREACHABLE);
    assertThat(ran.err()).contains("http://127.0.0.1:1").doesNotContain("SECRET");
  }

  private static void usage(String words, String... arguments) {
    Ran ran = Commands.run(arguments);
    assertThat(ran.exit()).as(ran.err()).isEqualTo(Exit.USAGE);
    assertThat(ran.err()).startsWith("Error: ").contains(words);
  }

  private static Ran key(Path file, Path password, String... more) {
    return key(file, password.toString(), more);
  }

  private static Ran key(Path file, String password, String... more) {
    String[] arguments = new String[6 + more.length];
    String[] first = {"escrow", "key", "--keystore", file.toString(), "--password-file", password};
    System.arraycopy(first, 0, arguments, 0, first.length);
    System.arraycopy(more, 0, arguments, first.length, more.length);
    return Commands.run(arguments);
  }

  private static Ran typing(String input, Path file, String password, String... more) {
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
    try {
      return key(file, password, more);
    } finally {
      System.setIn(before);
    }
  }

  private Path secret(String name, String content) throws IOException {
    Path file = folder.resolve(name);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    return Files.writeString(file, content);
  }
}
