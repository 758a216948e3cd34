package org.agentchat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.agentchat.schemas.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// `serve` listens to its environment and its file, and leaves an audit when it is told to stop.
final class SettingsAcceptanceIT {
  @TempDir private Path home;

  /// Existing servers ignore these variables, and SIGTERM (W59).
  @Test
  void environmentCountsBeforeTheFileAndTermEndsInOrder() throws Exception {
    Files.writeString(
        home.resolve("relay.conf"),
        "server-name = from the file\nport = 1\nhost = 127.0.0.1\napi-port = 0\n");
    int port = freePort();
    try (ServeProcess serve =
        ServeProcess.child(
            AgentChat.class,
            List.of("serve", "--home", home.toString()),
            Map.of("PORT", Integer.toString(port), "AGENTCHAT_ADMIN_KEY", "the-key"))) {
      serve.awaitReady();
      assertThat(serve.relay().getPort()).isEqualTo(port);
      assertThat(get(port, "/health", "none").get("server").stringValue())
          .isEqualTo("from the file");
      assertThat(get(port, "/api/connections", "the-key").get("count").intValue()).isZero();
      assertThat(get(port, "/api/connections", "other").get("error").stringValue())
          .isEqualTo("Unauthorized");

      assertThat(serve.signal("TERM")).isIn(0, 143);
    }
    List<String> events =
        Files.readAllLines(home.resolve("audit.jsonl")).stream()
            .map(line -> Json.parse(line).get("event").stringValue())
            .toList();
    assertThat(events).startsWith("server_start").endsWith("server_stop");
  }

  private static int freePort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static JsonNode get(int port, String path, String key) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .header("X-Admin-Key", key)
            .build();
    return Json.parse(
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body());
  }
}
