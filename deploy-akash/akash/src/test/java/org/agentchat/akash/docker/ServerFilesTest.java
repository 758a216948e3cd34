package org.agentchat.akash.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The committed files are those that the setup means, and their own tools find nothing wrong.
final class ServerFilesTest {
  /// `-Ddocker.write=true` writes them anew.
  private static final Path COMMITTED = Path.of("../docker");

  private static final JsonMapper JSON = new JsonMapper();

  @TempDir private Path folder;

  private static void same(String name, String text) throws IOException {
    if (Boolean.getBoolean("docker.write")) {
      Files.writeString(COMMITTED.resolve(name), text);
    }
    assertThat(Files.readString(COMMITTED.resolve(name))).isEqualTo(text);
  }

  @Test
  void committedFilesAreTheGeneratedOnes() throws IOException {
    same("Dockerfile", Dockerfile.of(ServerSetup.DEFAULT));
    same("docker-compose.yml", ComposeFile.of(ServerSetup.DEFAULT));
    same("agentchat.service", SystemdUnit.of(ServerSetup.DEFAULT));
  }

  private static JsonNode compose() {
    Object yaml =
        new Load(LoadSettings.builder().build())
            .loadFromString(ComposeFile.of(ServerSetup.DEFAULT));
    return JSON.valueToTree(yaml);
  }

  @Test
  void composeFileFollowsTheSpecificationsSchema() throws IOException {
    String text = Files.readString(Path.of("src/test/resources/docker/compose-spec.json"));
    // Names of an older draft, which nothing refers to.
    text = text.replaceAll("\"id\": \"[^\"]*\",", "");
    Schema schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2019_09).getSchema(text);
    assertThat(schema.validate(compose())).isEmpty();
    JsonNode wrong =
        JSON.valueToTree(Map.of("services", Map.of("relay", Map.of("read_onyl", true))));
    assertThat(schema.validate(wrong)).isNotEmpty();
  }

  @Test
  void everyContainerIsHealthCheckedAndLocked() {
    JsonNode services = compose().path("services");
    assertThat(services.propertyNames())
        .containsExactlyInAnyOrder("kafka", "postgres", "relay", "ledger");
    for (Map.Entry<String, JsonNode> service : services.properties()) {
      JsonNode is = service.getValue();
      assertThat(is.path("read_only").booleanValue()).as(service.getKey()).isTrue();
      assertThat(is.path("user").stringValue()).as(service.getKey()).matches("[1-9][0-9]*:.*");
      assertThat(is.path("healthcheck").path("test").size()).as(service.getKey()).isPositive();
      assertThat(is.path("volumes").size()).as(service.getKey()).isEqualTo(1);
      assertThat(is.path("cap_drop").path(0).stringValue()).isEqualTo("ALL");
    }
  }

  @Test
  void setupThatMakesNoSenseIsRefused() {
    assertThatThrownBy(() -> new ServerSetup("a:1", 0, 6680)).hasMessageContaining("found 0");
    assertThatThrownBy(() -> new ServerSetup("a:1", 1, 1)).hasMessageContaining("two ports");
    assertThatThrownBy(() -> new ServerSetup("a b", 1, 2)).hasMessageContaining("an image");
  }

  private static Optional<Path> tool(String name) {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
        .map(path -> Path.of(path, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static Path required(String name) {
    Optional<Path> found = tool(name);
    if (found.isEmpty()) {
      System.err.println(
          "######## %s is not installed: WHAT IT WOULD FIND IS NOT FOUND ########".formatted(name));
    }
    assumeTrue(found.isPresent(), name + " is not installed");
    return found.get();
  }

  private String run(List<String> command) throws Exception {
    Path said = folder.resolve("said");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile()).start();
    int exit = process.waitFor();
    String text = Files.readString(said);
    assertThat(exit).as(text).isZero();
    return text;
  }

  /// The Java that it names need not be on this machine, so this process's takes its place.
  @Test
  void systemdFindsNothingWrongWithTheUnit() throws Exception {
    Path analyze = required("systemd-analyze");
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Path unit =
        Files.writeString(
            folder.resolve("agentchat.service"),
            SystemdUnit.of(ServerSetup.DEFAULT).replace(SystemdUnit.JAVA + " ", java + " "));
    assertThat(run(List.of(analyze.toString(), "verify", "--man=no", unit.toString())))
        .doesNotContain("agentchat.service");
  }

  @Test
  void hadolintFindsNothingWrongWithTheDockerfile() throws Exception {
    Path hadolint = required("hadolint");
    assertThat(run(List.of(hadolint.toString(), COMMITTED.resolve("Dockerfile").toString())))
        .isBlank();
  }
}
