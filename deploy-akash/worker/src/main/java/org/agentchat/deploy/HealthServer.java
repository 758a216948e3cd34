package org.agentchat.deploy;

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
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.agentchat.schemas.json.Json;
import org.xnio.Options;
import tools.jackson.databind.node.ObjectNode;

/// `/health` of a worker. Nothing can be changed here, and nobody is asked: what is told is what
/// the worker saw last.
final class HealthServer implements AutoCloseable {
  /// Connections at once: probes.
  private static final int MAX_CONNECTIONS = 64;

  private static final int MAX_HEADER_BYTES = 8 * 1024;
  private static final int IDLE_TIMEOUT_MS = 60_000;
  private static final int PARSE_TIMEOUT_MS = 10_000;

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Supplier<WorkerHealth> health;
  private final Undertow server;

  private HealthServer(InetSocketAddress listen, Supplier<WorkerHealth> health) {
    this.health = health;
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
  static HealthServer start(InetSocketAddress listen, Supplier<WorkerHealth> health) {
    HealthServer started = new HealthServer(listen, health);
    try {
      started.server.start();
      return started;
    } catch (RuntimeException e) {
      started.close();
      if (e.getCause() instanceof BindException cause) {
        throw new UncheckedIOException(
            "the deploy worker cannot listen on %s:%d: %s; --listen names another address or none"
                .formatted(listen.getHostString(), listen.getPort(), cause.getMessage()),
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
    } else if (exchange.getRelativePath().equals("/health")) {
      WorkerHealth now = health.get();
      ObjectNode body = Json.mapper().valueToTree(now);
      body.put("status", now.status().name().toLowerCase(Locale.ROOT));
      body.remove("healthy");
      send(
          exchange,
          now.isHealthy() ? StatusCodes.OK : StatusCodes.SERVICE_UNAVAILABLE,
          "application/json",
          Json.text(body));
    } else {
      send(exchange, StatusCodes.NOT_FOUND, "text/plain", "/health is here\n");
    }
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
