package org.agentchat.hooks;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import io.undertow.util.StatusCodes;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.agentchat.schemas.json.Json;
import org.jspecify.annotations.Nullable;
import org.xnio.Options;

/// `/health` and `/metrics` of a reactor. Nothing can be changed here: what an operator does goes
/// through the database.
final class HealthServer implements AutoCloseable {
  /// Connections at once: probes and scrapers.
  private static final int MAX_CONNECTIONS = 64;

  private static final int MAX_HEADER_BYTES = 8 * 1024;
  private static final int IDLE_TIMEOUT_MS = 60_000;
  private static final int PARSE_TIMEOUT_MS = 10_000;

  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record HookAnswer(
      String name,
      String kind,
      long open,
      long failing,
      long waiting,
      long stuck,
      long dead,
      @Nullable Long oldestOpenAt,
      @Nullable String trouble,
      @Nullable String disabled) {
    static HookAnswer of(HookSummary summary) {
      HookState state = summary.state();
      return new HookAnswer(
          state.name(),
          state.kind(),
          summary.open(),
          summary.failing(),
          summary.waiting(),
          summary.stuck(),
          summary.dead(),
          summary.oldestOpenAt(),
          summary.trouble(),
          state.disabled());
    }
  }

  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record HealthAnswer(
      String status,
      @Nullable String reason,
      long read,
      long logSize,
      long lag,
      List<HookAnswer> hooks) {}

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Supplier<Health> health;
  private final Supplier<List<HookSummary>> hooks;
  private final ReactorMetrics metrics;
  private final Undertow server;

  private HealthServer(
      InetSocketAddress listen,
      Supplier<Health> health,
      Supplier<List<HookSummary>> hooks,
      ReactorMetrics metrics) {
    this.health = health;
    this.hooks = hooks;
    this.metrics = metrics;
    this.server =
        Undertow.builder()
            .addHttpListener(listen.getPort(), listen.getHostString())
            .setIoThreads(1)
            // Requests run on virtual threads; Undertow's own are not used.
            .setWorkerThreads(1)
            .setSocketOption(Options.CONNECTION_HIGH_WATER, MAX_CONNECTIONS)
            .setSocketOption(Options.CONNECTION_LOW_WATER, MAX_CONNECTIONS)
            .setServerOption(UndertowOptions.MAX_HEADER_SIZE, MAX_HEADER_BYTES)
            .setServerOption(UndertowOptions.IDLE_TIMEOUT, IDLE_TIMEOUT_MS)
            .setServerOption(UndertowOptions.NO_REQUEST_TIMEOUT, IDLE_TIMEOUT_MS)
            .setServerOption(UndertowOptions.REQUEST_PARSE_TIMEOUT, PARSE_TIMEOUT_MS)
            .setHandler(exchange -> exchange.dispatch(threads, this::answer))
            .build();
  }

  /// Starts to listen.
  ///
  /// @throws UncheckedIOException when the port cannot be had
  static HealthServer start(
      InetSocketAddress listen,
      Supplier<Health> health,
      Supplier<List<HookSummary>> hooks,
      ReactorMetrics metrics) {
    HealthServer started = new HealthServer(listen, health, hooks, metrics);
    try {
      started.server.start();
      return started;
    } catch (RuntimeException e) {
      started.close();
      if (e.getCause() instanceof BindException cause) {
        throw new UncheckedIOException(
            "the hooks cannot listen on %s:%d: %s; 'listen' in the hooks' file names another"
                    .formatted(listen.getHostString(), listen.getPort(), cause.getMessage())
                + " address or none",
            cause);
      }
      throw e;
    }
  }

  InetSocketAddress address() {
    return (InetSocketAddress) server.getListenerInfo().getFirst().getAddress();
  }

  private void answer(HttpServerExchange exchange) {
    HttpString method = exchange.getRequestMethod();
    if (!exchange.isRequestComplete()) {
      exchange.setPersistent(false);
    }
    if (!method.equals(Methods.GET) && !method.equals(Methods.HEAD)) {
      exchange.getResponseHeaders().put(Headers.ALLOW, "GET, HEAD");
      send(exchange, StatusCodes.METHOD_NOT_ALLOWED, "text/plain", "only GET and HEAD here\n");
      return;
    }
    switch (exchange.getRelativePath()) {
      case "/health" -> health(exchange);
      case "/metrics" ->
          send(
              exchange,
              StatusCodes.OK,
              "text/plain; version=0.0.4; charset=utf-8",
              metrics.scrape());
      default ->
          send(exchange, StatusCodes.NOT_FOUND, "text/plain", "/health and /metrics are here\n");
    }
  }

  private void health(HttpServerExchange exchange) {
    Health now = health.get();
    HealthAnswer body =
        new HealthAnswer(
            now.status().name().toLowerCase(Locale.ROOT),
            now.reason(),
            now.read(),
            now.logSize(),
            now.lag(),
            hooks.get().stream().map(HookAnswer::of).toList());
    send(
        exchange,
        now.isHealthy() ? StatusCodes.OK : StatusCodes.SERVICE_UNAVAILABLE,
        "application/json",
        Json.text(body));
  }

  private static void send(HttpServerExchange exchange, int status, String type, String body) {
    exchange.setStatusCode(status);
    exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, type);
    exchange.getResponseHeaders().put(Headers.CACHE_CONTROL, "no-store");
    exchange.getResponseSender().send(ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)));
  }

  /// Takes no more requests and ends those at work.
  @Override
  public void close() {
    server.stop();
    threads.shutdownNow();
  }
}
