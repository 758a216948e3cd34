package org.agentchat.hooks.evm;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.agentchat.schemas.json.Json;
import tools.jackson.databind.JsonNode;

/// A node in front of another one that refuses to answer some questions for a while, as a replica
/// does that lags behind.
final class RefusingNode implements AutoCloseable {
  private final URI behind;
  private final HttpServer server;
  private final HttpClient client = HttpClient.newHttpClient();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicInteger refused = new AtomicInteger();
  private volatile boolean refusing;

  private RefusingNode(URI behind) throws IOException {
    this.behind = behind;
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.setExecutor(threads);
    server.start();
  }

  static RefusingNode before(String url) throws IOException {
    return new RefusingNode(URI.create(url));
  }

  String url() {
    return "http://localhost:" + server.getAddress().getPort();
  }

  /// Whether contracts are asked in vain from now on.
  void refuse(boolean value) {
    refusing = value;
  }

  int refused() {
    return refused.get();
  }

  private void answer(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    JsonNode question = Json.parse(new String(body, StandardCharsets.UTF_8));
    byte[] answer;
    if (refusing && question.path("method").asString().equals("eth_call")) {
      refused.incrementAndGet();
      answer =
          "{\"jsonrpc\":\"2.0\",\"id\":%s,\"error\":{\"code\":-32000,\"message\":\"header not found\"}}"
              .formatted(question.path("id"))
              .getBytes(StandardCharsets.UTF_8);
    } else {
      answer = forward(body);
    }
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, answer.length);
    exchange.getResponseBody().write(answer);
    exchange.close();
  }

  private byte[] forward(byte[] body) throws IOException {
    try {
      return client
          .send(
              HttpRequest.newBuilder(behind)
                  .header("Content-Type", "application/json")
                  .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                  .build(),
              HttpResponse.BodyHandlers.ofByteArray())
          .body();
    } catch (InterruptedException e) {
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
    client.close();
  }
}
