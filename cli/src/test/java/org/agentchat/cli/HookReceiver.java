package org.agentchat.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.agentchat.schemas.json.Json;

/// Receives webhooks on this machine, and knows what it has had by its id.
final class HookReceiver implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, String> eventsById = new LinkedHashMap<>();
  private int deliveries;

  private HookReceiver(int port) {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 50);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::receive);
    server.start();
  }

  static HookReceiver start() {
    return new HookReceiver(0);
  }

  static HookReceiver startAt(int port) {
    return new HookReceiver(port);
  }

  private void receive(HttpExchange exchange) throws IOException {
    String event = Json.parse(exchange.getRequestBody().readAllBytes()).path("event").asString();
    synchronized (this) {
      deliveries++;
      eventsById.put(exchange.getRequestHeaders().getFirst("webhook-id"), event);
    }
    exchange.sendResponseHeaders(204, -1);
    exchange.close();
  }

  int port() {
    return server.getAddress().getPort();
  }

  String url() {
    return "http://127.0.0.1:" + port() + "/hook";
  }

  /// In the order in which they came.
  synchronized List<String> events() {
    return new ArrayList<>(eventsById.values());
  }

  synchronized int deliveries() {
    return deliveries;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
