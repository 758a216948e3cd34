package org.agentchat.hooks.evm;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Stands between a process and its node, and kills the process (`kill -9`) at a question of a
/// kind: before the node hears it, or after it has and before the process hears the answer.
final class KillingProxy implements AutoCloseable {
  /// When to kill.
  ///
  /// @param method the kind of question
  /// @param heard whether the node hears it
  record Moment(String method, boolean heard) {}

  private static final Pattern METHOD = Pattern.compile("\"method\":\"([a-zA-Z_]+)\"");

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient client = HttpClient.newHttpClient();
  private final AtomicReference<Moment> moment = new AtomicReference<>();
  private final AtomicReference<Process> victim = new AtomicReference<>();
  private final HttpServer server;
  private final URI target;

  KillingProxy(String target) throws IOException {
    this.target = URI.create(target);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /// The next process, and when it dies.
  void aimAt(Process process, Moment when) {
    victim.set(process);
    moment.set(when);
  }

  /// Nobody dies any more.
  void spare() {
    moment.set(null);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String question =
          new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      Matcher matcher = METHOD.matcher(question);
      String method = matcher.find() ? matcher.group(1) : "";
      Moment now = moment.get();
      boolean deadly =
          now != null && now.method().equals(method) && moment.compareAndSet(now, null);
      if (deadly && !now.heard()) {
        kill();
        return;
      }
      byte[] answer = forwarded(question);
      if (deadly) {
        kill();
        return;
      }
      exchange.sendResponseHeaders(200, answer.length);
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(answer);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private byte[] forwarded(String question) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(target)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(question))
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofByteArray()).body();
  }

  /// SIGKILL, and no answer before it is dead.
  private void kill() throws InterruptedException {
    victim.get().destroyForcibly().waitFor();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
    client.close();
  }
}
