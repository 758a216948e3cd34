package org.agentchat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.agentchat.cli.Commands.Ran;
import org.agentchat.schemas.json.Json;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

final class DiscoverCommandTest {
  private static final String LOCAL = "ws://localhost:6667";

  @TempDir private Path folder;
  private Path home;
  private Path file;

  @BeforeEach
  void place() {
    home = folder.resolve("home");
    file = home.resolve("servers.json");
  }

  @Test
  void withoutFileListsTheDefaultAndWritesNothing() {
    Ran ran = discover("--no-check");

    assertThat(ran.out())
        .isEqualTo(
            """

            Found 1 server(s):

              ? AgentChat Local
                URL: ws://localhost:6667
                Status: unknown
                Description: Local AgentChat server
                Region: local

            Directory: %s
            """
                .formatted(file));
    assertThat(ran.exit()).isZero();
    assertThat(home).doesNotExist();
  }

  @Test
  void addedServerIsKeptInTheFormatOfExistingTools() throws IOException {
    Ran added = discover("--add", "ws://127.0.0.1:7996/", "--name", "mine", "--region", "local");

    assertThat(added.out()).isEqualTo("Added server: ws://127.0.0.1:7996\n");
    JsonNode stored = Json.parse(Files.readString(file));
    assertThat(stored.path("version").intValue()).isEqualTo(1);
    assertThat(Instant.parse(stored.path("updated_at").stringValue())).isBeforeOrEqualTo(now());
    assertThat(Json.text(stored.path("servers")))
        .isEqualTo(
            """
            [{"name":"mine","url":"ws://127.0.0.1:7996","description":"","region":"local"}]\
            """);
    assertThat(urls()).containsExactly(LOCAL, "ws://127.0.0.1:7996");
    assertThat(home.toFile().list()).containsExactly("servers.json");
  }

  private static Instant now() {
    return Instant.now().plusSeconds(1);
  }

  @Test
  void sameServerInAnotherSpellingIsListedOnce() {
    discover("--add", "ws://Example.com:7000/", "--name", "old");
    discover("--add", "WS://example.COM:7000", "--name", "new");

    assertThat(urls()).containsExactly(LOCAL, "ws://example.com:7000");
    assertThat(discover("--no-check").out()).contains("? new").doesNotContain("old");
  }

  @Test
  void removedDefaultStaysAwayUntilItIsAdded() {
    assertThat(discover("--remove", LOCAL).out()).isEqualTo("Removed server: " + LOCAL + "\n");
    assertThat(urls()).isEmpty();

    discover("--add", LOCAL);

    assertThat(urls()).containsExactly(LOCAL);
  }

  @Test
  void serverThatIsNotListedCannotBeRemoved() {
    Ran ran = discover("--remove", "ws://example.com");

    assertThat(ran.err()).isEqualTo("Error: Server not found: ws://example.com\n");
    assertThat(ran.exit()).isEqualTo(Exit.FAILED);
    assertThat(file).doesNotExist();
  }

  @Test
  void addressInTheEnvironmentComesFirstAndIsNotStored() throws IOException {
    ServerAddress own = ServerAddress.of("wss://example.com/relay");
    ServerDirectory directory = ServerDirectory.read(file, Optional.of(own));
    assertThat(directory.servers()).extracting(ServerEntry::url).containsExactly(own.url(), LOCAL);

    directory.add(new ServerEntry("other", "ws://other:1", "", ""), Instant.EPOCH);

    assertThat(Files.readString(file)).doesNotContain("example.com");
    assertThat(directory.servers())
        .extracting(ServerEntry::url)
        .containsExactly(own.url(), LOCAL, "ws://other:1");
    assertThat(directory.remove(own, Instant.EPOCH)).isTrue();
    assertThat(ServerDirectory.read(file, Optional.of(own)).servers())
        .extracting(ServerEntry::url)
        .containsExactly(LOCAL, "ws://other:1");
  }

  @Test
  void fileOfAnExistingToolIsRead() throws IOException {
    Files.createDirectories(home);
    Files.writeString(
        file,
        """
        {"version":1,"updated_at":"2026-11-21T01:40:00.000Z","servers":[
         {"name":"AgentChat Local","url":"ws://localhost:6667","description":"x","region":"local"},
         {"url":"wss://relay.example/a","extra":true}]}
        """);

    assertThat(discover("--no-check").out())
        .contains("    Description: x\n", "  ? relay.example\n    URL: wss://relay.example/a\n");
  }

  @Test
  void corruptFileIsNamedAndKept() throws IOException {
    Files.createDirectories(home);
    for (String broken :
        List.of(
            "",
            "{\"version\":1,\"servers\":[",
            "[]",
            "{\"version\":2,\"servers\":[]}",
            "{\"version\":1,\"servers\":{}}",
            "{\"version\":1,\"servers\":[{\"url\":\"http://x\"}]}",
            "{\"version\":1,\"servers\":[{\"url\":\"ws://x\",\"name\":7}]}")) {
      Files.writeString(file, broken);

      Ran ran = discover("--add", "ws://127.0.0.1:1");

      assertThat(ran.err()).as(broken).startsWith("Error: " + file).hasLineCount(1);
      assertThat(ran.exit()).isEqualTo(Exit.FAILED);
      assertThat(Files.readString(file)).isEqualTo(broken);
    }
  }

  @Test
  void directoryCanBeAnotherFile() {
    Path other = folder.resolve("deep/other.json");
    discover("--directory", other.toString(), "--add", "ws://127.0.0.1:1");

    assertThat(other).exists();
    assertThat(file).doesNotExist();
  }

  @Test
  void serversAreAskedHowTheyAre() throws IOException {
    discover("--remove", LOCAL);
    try (CannedLedger relay =
        new CannedLedger()
            .answering(
                "/health",
                "{\"status\":\"healthy\",\"agents\":{\"connected\":3},\"uptime_seconds\":55}")) {
      String up = relay.url().replace("http", "ws");
      String down = "ws://127.0.0.1:" + unusedPort();
      discover("--add", down, "--name", "down\u001b[2J");
      discover("--add", up + "/any/path", "--name", "up");

      Ran ran = discover();

      assertThat(ran.err()).isEqualTo("Checking server status...\n");
      assertThat(ran.out())
          .isEqualTo(
              """

              Found 2 server(s):

                ✗ down\\u001b[2J
                  URL: %s
                  Status: offline
                  Error: connection refused

                ✓ up
                  URL: %s/any/path
                  Status: online
                  Agents: 3
                  Uptime: 55s

              Directory: %s
              """
                  .formatted(down, up, file));
      JsonNode online = Json.parse(discover("--json", "--online").out());
      assertThat(online.size()).isEqualTo(1);
      assertThat(online.path(0).propertyNames())
          .containsExactly(
              "url", "name", "description", "region", "status", "health", "checked_at");
      assertThat(online.path(0).path("health").path("status").stringValue()).isEqualTo("healthy");
    }
  }

  @Test
  void serverThatSaysSomethingElseIsOffline() throws IOException {
    try (CannedLedger server = new CannedLedger()) {
      server.answering("/health", 503, "{\"status\":\"unhealthy\"}");
      assertThat(check(server.url())).isEqualTo("HTTP 503");
      server.answering("/health", 302, "");
      assertThat(check(server.url())).isEqualTo("HTTP 302");
      server.answering("/health", "<html>");
      assertThat(check(server.url())).isEqualTo("no health report, but something else");
      server.answering("/health", "\"" + "x".repeat(100_000) + "\"");
      assertThat(check(server.url())).contains("more than");
    }
  }

  /// Nobody accepts what waits in this queue.
  @Test
  void serverThatNeverAnswersIsOffline() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThat(check("http://127.0.0.1:" + silent.getLocalPort(), Duration.ofSeconds(1)))
          .startsWith("no answer within");
    }
  }

  private static String check(String url) {
    return check(url, Duration.ofSeconds(60));
  }

  private static String check(String url, Duration within) {
    ServerEntry entry = new ServerEntry("x", url.replace("http", "ws"), "", "");
    ServerHealth health = new HealthCheck(within).of(List.of(entry)).getFirst();
    assertThat(health.status()).isEqualTo("offline");
    return String.valueOf(health.error());
  }

  @Test
  void contradictionsAreUsageErrors() {
    assertThat(discover("--name", "x").exit()).isEqualTo(Exit.USAGE);
    assertThat(discover("--online", "--no-check").exit()).isEqualTo(Exit.USAGE);
    assertThat(discover("--add", "ws://a", "--remove", "ws://a").exit()).isEqualTo(Exit.USAGE);
    assertThat(discover("--add", "http://a").err()).contains("ws://localhost:6667, not like");
    assertThat(discover("--add", "ws://me:secret@a").exit()).isEqualTo(Exit.USAGE);
    assertThat(discover("--add", "ws://a", "--name", "x".repeat(1_000)).err())
        .contains("at most 512 characters");
  }

  private List<String> urls() {
    return Json.parse(discover("--no-check", "--json").out())
        .valueStream()
        .map(server -> server.path("url").stringValue())
        .toList();
  }

  private Ran discover(String... options) {
    String[] all = Arrays.copyOf(options, options.length + 3);
    System.arraycopy(options, 0, all, 1, options.length);
    all[0] = "discover";
    all[options.length + 1] = "--home";
    all[options.length + 2] = home.toString();
    return Commands.run(all);
  }

  private static int unusedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
