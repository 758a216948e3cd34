package org.agentchat.hooks;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import org.agentchat.schemas.json.Json;
import tools.jackson.databind.JsonNode;

/// Receives webhooks as its authors are told to: what comes again under an id that was there before
/// has no second effect.
public final class Receiver implements AutoCloseable {
  private static final int OK = 200;

  private final HttpServer server;
  private final Set<String> seen = new HashSet<>();
  private final List<JsonNode> effects = new ArrayList<>();
  private int deliveries;

  public Receiver() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::receive);
    server.start();
  }

  private void receive(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    take(exchange.getRequestHeaders().getFirst("webhook-id"), Json.parse(body));
    exchange.sendResponseHeaders(OK, -1);
    exchange.close();
  }

  private synchronized void take(String id, JsonNode payload) {
    deliveries++;
    if (seen.add(id)) {
      effects.add(payload);
    }
  }

  /// Where it waits for deliveries.
  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/hook";
  }

  /// What has come.
  public synchronized Set<String> ids() {
    return Set.copyOf(seen);
  }

  /// In the order in which they came about.
  public synchronized List<JsonNode> effects() {
    return List.copyOf(effects);
  }

  /// Everything that came in, what came again included.
  public synchronized int deliveries() {
    return deliveries;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
