package org.agentchat.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.agentchat.akash.docker.ServerSetup;
import org.agentchat.log.BrokerSettings;
import org.agentchat.log.EmbeddedBroker;
import org.agentchat.schemas.json.Json;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// The very command lines of Dockerfile, docker-compose.yml and systemd unit, run by somebody who
/// is not root, from the jars of the build. Only places are others: where Java, the jars and the
/// home folder are, which ports are free, where Kafka and PostgreSQL answer.
@Timeout(600)
final class ServerFilesIT {
  private static final Path BUILT = Path.of("target", "dist", "lib");
  private static final int NOBODY = 65_534;

  @TempDir private Path folder;
  private final List<Process> running = new ArrayList<>();
  private ServerSetup setup;
  private Path files;
  private Path lib;

  @BeforeEach
  void begin() throws IOException {
    boolean there = Files.exists(BUILT.resolve("agentchat-cli.jar"));
    say(there, "target/dist/lib is not built (it is by `package`)");
    say(!isRoot() || Files.isExecutable(Path.of("/usr/bin/setpriv")), "setpriv is not installed");
    setup = new ServerSetup("agentchat:local", freePort(), freePort());
    files = folder.resolve("files");
    Ran made =
        Ran.command(
            "deploy",
            "--provider",
            "docker",
            "--create",
            "--port",
            setup.port(),
            "--api-port",
            setup.apiPort(),
            "--out",
            files);
    assertThat(made.exit()).as("%s", made).isZero();
    open(folder);
    lib = open(Files.createDirectory(folder.resolve("lib")));
    try (Stream<Path> jars = Files.list(BUILT)) {
      for (Path jar : jars.toList()) {
        Files.copy(jar, lib.resolve(jar.getFileName().toString()));
      }
    }
  }

  @AfterEach
  void end() throws InterruptedException {
    for (Process process : running.reversed()) {
      process.destroy();
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    }
  }

  private static void say(boolean possible, String otherwise) {
    if (!possible) {
      System.err.println("######## " + otherwise + ": NO COMMAND LINE IS RUN ########");
    }
    assumeTrue(possible, otherwise);
  }

  private static boolean isRoot() {
    return System.getProperty("user.name").equals("root");
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /// Others may enter it.
  private static Path open(Path directory) throws IOException {
    return Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /// A folder that only the one who runs the servers may enter.
  private Path home(String name) throws IOException {
    Path home = Files.createDirectory(folder.resolve(name));
    Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwx------"));
    if (isRoot()) {
      Files.setAttribute(home, "unix:uid", NOBODY);
    }
    return home;
  }

  private Process start(String name, List<String> line, Map<String, String> environment)
      throws IOException {
    List<String> command = new ArrayList<>();
    if (isRoot()) {
      command.addAll(
          List.of(
              "setpriv",
              "--reuid=" + NOBODY,
              "--regid=" + NOBODY,
              "--clear-groups",
              "--no-new-privs"));
    }
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    for (String word : line) {
      command.add(
          word.equals("java") || word.equals("/usr/bin/java")
              ? java
              : word.replace("/opt/agentchat/lib", lib.toString()));
    }
    ProcessBuilder builder = new ProcessBuilder(command).directory(Path.of("/").toFile());
    builder.environment().keySet().removeIf(key -> key.startsWith("AGENTCHAT_"));
    builder.environment().putAll(environment);
    Process process = builder.redirectErrorStream(true).redirectOutput(said(name).toFile()).start();
    running.add(process);
    return process;
  }

  private Path said(String name) {
    return folder.resolve(name + ".txt");
  }

  private int exit(String name, List<String> line) throws Exception {
    return start(name, line, Map.of()).waitFor();
  }

  private void awaitHealthy(String name, List<String> check, Process server) {
    await(name + " is healthy")
        .atMost(Duration.ofMinutes(2))
        .pollInterval(Duration.ofMillis(500))
        .failFast(() -> {
          if (!server.isAlive()) {
            throw new AssertionError(Files.readString(said(name)));
          }
        })
        .until(() -> exit(name + "-check", check) == 0);
  }

  private static List<String> words(String json) {
    return Json.parse(json).valueStream().map(word -> word.stringValue()).toList();
  }

  private String dockerLine(String instruction) throws IOException {
    return Files.readAllLines(files.resolve("Dockerfile")).stream()
        .filter(line -> line.startsWith(instruction + " "))
        .findFirst()
        .orElseThrow();
  }

  private List<String> entryPoint() throws IOException {
    return words(dockerLine("ENTRYPOINT").substring("ENTRYPOINT ".length()));
  }

  private String unitLine(String name) throws IOException {
    return Files.readAllLines(files.resolve("agentchat.service")).stream()
        .filter(line -> line.startsWith(name + "="))
        .findFirst()
        .orElseThrow()
        .substring(name.length() + 1);
  }

  @Test
  void imageRunsTheWholeServerAndKnowsWhenItIsWell() throws Exception {
    String check = dockerLine("HEALTHCHECK");
    List<String> probe = words(check.substring(check.indexOf('[')));
    assertThat(exit("too-early", probe)).isEqualTo(Exit.FAILED);
    assertThat(Files.readString(said("too-early"))).contains("does not answer");
    List<String> line = new ArrayList<>(entryPoint());
    line.addAll(words(dockerLine("CMD").substring("CMD ".length())));
    Process server = start("image", line, Map.of("AGENTCHAT_HOME", home("image-home").toString()));
    awaitHealthy("image", probe, server);
  }

  @Test
  void unitsServerStartsAndItsPostStartWaitsForIt() throws Exception {
    String home = home("unit-home").toString();
    assertThat(unitLine("Environment")).isEqualTo("AGENTCHAT_HOME=/var/lib/agentchat");
    start("unit", split(unitLine("ExecStart")), Map.of("AGENTCHAT_HOME", home));
    assertThat(exit("unit-post", split(unitLine("ExecStartPost"))))
        .as(Files.readString(said("unit")))
        .isZero();
  }

  private static List<String> split(String line) {
    return Arrays.asList(line.split(" ", -1));
  }

  @Test
  void composedRelayAndLedgerWorkOnOneLogAndADatabase() throws Exception {
    Map<?, ?> services =
        (Map<?, ?>)
            ((Map<?, ?>)
                    new Load(LoadSettings.builder().build())
                        .loadFromString(Files.readString(files.resolve("docker-compose.yml"))))
                .get("services");
    try (EmbeddedBroker broker =
            EmbeddedBroker.start(BrokerSettings.in(folder.resolve("kafka")), _ -> {});
        EmbeddedPostgres postgres = EmbeddedPostgres.start()) {
      String database =
          "jdbc:postgresql://localhost:%d/postgres?user=postgres".formatted(postgres.getPort());
      for (String name : List.of("relay", "ledger")) {
        Map<?, ?> service = (Map<?, ?>) services.get(name);
        List<String> line = new ArrayList<>(entryPoint());
        ((List<?>) service.get("command"))
            .forEach(
                word -> line.add(word.toString().replace("kafka:9092", broker.bootstrapServers())));
        Map<String, String> environment =
            name.equals("ledger")
                ? Map.of("AGENTCHAT_HOME", home(name).toString(), "AGENTCHAT_DB", database)
                : Map.of("AGENTCHAT_HOME", home(name).toString());
        List<?> check = (List<?>) ((Map<?, ?>) service.get("healthcheck")).get("test");
        List<String> probe = check.subList(1, check.size()).stream().map(Object::toString).toList();
        Process server = start(name, line, environment);
        awaitHealthy(name, probe, server);
        assertThat(environment.keySet())
            .containsAll(
                service.get("environment") instanceof Map<?, ?> named
                    ? named.keySet().stream().map(Object::toString).toList()
                    : List.of());
      }
    }
  }
}
