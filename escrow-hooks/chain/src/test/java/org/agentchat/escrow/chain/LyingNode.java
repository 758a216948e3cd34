package org.agentchat.escrow.chain;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An HTTP server that answers every question as a test says.
final class LyingNode implements AutoCloseable {
  /// How it answers.
  @FunctionalInterface
  interface Answering {
    /// Answers one question.
    ///
    /// @param question the JSON that was sent
    /// @param number how many questions there were, this one included
    void answer(HttpExchange exchange, String question, int number)
        throws IOException, InterruptedException;
  }

  private static final Pattern ID = Pattern.compile("\"id\":(\\d+)");

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicInteger asked = new AtomicInteger();
  private final HttpServer server;

  LyingNode(Answering answering) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          String question =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          try (exchange) {
            answering.answer(exchange, question, asked.incrementAndGet());
          } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
          }
        });
    server.start();
  }

  /// Answers with that result, properly wrapped.
  static LyingNode result(String json) throws IOException {
    return new LyingNode((exchange, question, _) ->
        send(
            exchange,
            200,
            "{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":%s}".formatted(id(question), json)));
  }

  /// Answers with that error, properly wrapped.
  static LyingNode error(String json) throws IOException {
    return new LyingNode((exchange, question, _) ->
        send(
            exchange,
            200,
            "{\"jsonrpc\":\"2.0\",\"id\":%s,\"error\":%s}".formatted(id(question), json)));
  }

  static String id(String question) {
    Matcher matcher = ID.matcher(question);
    return matcher.find() ? matcher.group(1) : "none";
  }

  static void send(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  URI url() {
    return URI.create("http://user:pass@127.0.0.1:" + server.getAddress().getPort() + "/v3/APIKEY");
  }

  int asked() {
    return asked.get();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
