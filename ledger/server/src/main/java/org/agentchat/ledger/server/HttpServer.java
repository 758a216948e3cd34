package org.agentchat.ledger.server;

import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import io.undertow.util.PathTemplateMatcher;
import io.undertow.util.StatusCodes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.agentchat.log.LogException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// HTTP: takes requests in, finds the route, sends answers out. Every request runs on a virtual
/// thread of its own.
final class HttpServer implements AutoCloseable {
  /// Requests at work at once; further ones wait.
  private static final int MAX_AT_WORK = 64;

  /// How long a request may wait for its turn.
  private static final Duration TURN_TIMEOUT = Duration.ofSeconds(5);

  /// Request line and headers together, in bytes.
  private static final int MAX_HEADER_BYTES = 16 * 1024;

  private static final int MAX_HEADERS = 64;
  private static final int MAX_PARAMETERS = 16;
  private static final int IDLE_TIMEOUT_MS = 60_000;
  private static final int PARSE_TIMEOUT_MS = 10_000;
  private static final Logger log = LoggerFactory.getLogger(HttpServer.class);

  private record Found(String template, Answer answer) {}

  private final PathTemplateMatcher<Route> routes = new PathTemplateMatcher<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore turns = new Semaphore(MAX_AT_WORK);
  private final Answer missing;
  private final LedgerMetrics metrics;
  private final Undertow server;

  private HttpServer(
      String host, int port, List<Route> served, Answer missing, LedgerMetrics metrics) {
    served.forEach(route -> routes.add(route.template(), route));
    this.missing = missing;
    this.metrics = metrics;
    this.server =
        Undertow.builder()
            .addHttpListener(port, host)
            // Requests run on virtual threads; Undertow's own are not used.
            .setWorkerThreads(1)
            .setServerOption(UndertowOptions.MAX_HEADER_SIZE, MAX_HEADER_BYTES)
            .setServerOption(UndertowOptions.MAX_HEADERS, MAX_HEADERS)
            .setServerOption(UndertowOptions.MAX_PARAMETERS, MAX_PARAMETERS)
            .setServerOption(UndertowOptions.IDLE_TIMEOUT, IDLE_TIMEOUT_MS)
            .setServerOption(UndertowOptions.NO_REQUEST_TIMEOUT, IDLE_TIMEOUT_MS)
            .setServerOption(UndertowOptions.REQUEST_PARSE_TIMEOUT, PARSE_TIMEOUT_MS)
            .setHandler(exchange -> exchange.dispatch(threads, this::handle))
            .build();
  }

  /// Starts to listen.
  ///
  /// @param port 0 for any that is free
  /// @param missing what a browser is shown where nothing is served
  /// @throws UncheckedIOException when the port cannot be had
  static HttpServer start(
      String host, int port, List<Route> routes, Answer missing, LedgerMetrics metrics) {
    HttpServer http = new HttpServer(host, port, routes, missing, metrics);
    try {
      http.server.start();
    } catch (RuntimeException e) {
      http.close();
      if (e.getCause() instanceof BindException cause) {
        throw new UncheckedIOException(
            "cannot listen on %s:%d: %s".formatted(host, port, cause.getMessage()), cause);
      }
      throw e;
    }
    return http;
  }

  InetSocketAddress address() {
    return (InetSocketAddress) server.getListenerInfo().getFirst().getAddress();
  }

  private void handle(HttpServerExchange exchange) {
    long start = System.nanoTime();
    Found found = find(exchange);
    send(exchange, found.answer());
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    metrics.answered(found.template(), exchange.getStatusCode(), took);
  }

  private Found find(HttpServerExchange exchange) {
    PathTemplateMatcher.PathMatchResult<Route> match = routes.match(exchange.getRelativePath());
    if (match == null) {
      Answer answer = Problem.notFound("nothing is served here").answer();
      return new Found("none", wantsPage(exchange) ? missing : answer);
    }
    Route route = match.getValue();
    String template = route.template();
    HttpString method = exchange.getRequestMethod();
    if (method.equals(Methods.OPTIONS)) {
      return new Found(template, preflight(exchange, route));
    }
    boolean reads = method.equals(Methods.GET) || method.equals(Methods.HEAD);
    if (route.isPosted() ? !method.equals(Methods.POST) : !reads) {
      exchange.getResponseHeaders().put(Headers.ALLOW, route.allowed());
      // Whatever body comes with it is not read.
      exchange.setPersistent(false);
      return new Found(
          template,
          Problem.of(StatusCodes.METHOD_NOT_ALLOWED, "only " + route.allowed() + " here").answer());
    }
    if (!route.isPosted() && !exchange.isRequestComplete()) {
      exchange.setPersistent(false);
      return new Found(
          template,
          Problem.of(StatusCodes.REQUEST_ENTITY_TOO_LARGE, "no body is read here").answer());
    }
    return new Found(template, answer(exchange, match));
  }

  /// Whether a person looks, rather than a program.
  private static boolean wantsPage(HttpServerExchange exchange) {
    String accepted = exchange.getRequestHeaders().getFirst(Headers.ACCEPT);
    return accepted != null && accepted.contains("text/html");
  }

  private static Answer preflight(HttpServerExchange exchange, Route route) {
    HeaderMap headers = exchange.getResponseHeaders();
    headers.put(Headers.ALLOW, route.allowed());
    headers.put(
        HttpString.tryFromString("Access-Control-Allow-Methods"),
        route.isPosted() ? "POST" : "GET, HEAD");
    headers.put(
        HttpString.tryFromString("Access-Control-Allow-Headers"),
        route.isPosted() ? "Content-Type" : "If-None-Match");
    headers.put(HttpString.tryFromString("Access-Control-Max-Age"), "86400");
    return new Answer(StatusCodes.NO_CONTENT, "", new byte[0], Answer.Cache.NEVER);
  }

  private Answer answer(
      HttpServerExchange exchange, PathTemplateMatcher.PathMatchResult<Route> match) {
    boolean turn = false;
    try {
      Route route = match.getValue();
      Call call =
          new Call(match.getParameters(), exchange.getQueryParameters(), route.parameters());
      turn = turns.tryAcquire(TURN_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
      if (!turn) {
        throw Problem.unavailable("too many requests at once; try again");
      }
      return route.endpoint().answer(route.isPosted() ? call.with(body(exchange, route)) : call);
    } catch (Problem problem) {
      return problem.answer();
    } catch (IOException e) {
      exchange.setPersistent(false);
      return Problem.of(StatusCodes.BAD_REQUEST, "the body ends early: " + e.getMessage()).answer();
    } catch (SQLException e) {
      log.warn("no answer to {}: {}", match.getMatchedTemplate(), e.getMessage());
      return Problem.unavailable("the database does not answer; try again").answer();
    } catch (LogException e) {
      log.warn("no answer to {}: {}", match.getMatchedTemplate(), e.getMessage());
      return Problem.unavailable("the log does not answer; try again").answer();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return Problem.unavailable("the server is stopping").answer();
    } catch (RuntimeException e) {
      log.error("{} failed", match.getMatchedTemplate(), e);
      return Problem.of(StatusCodes.INTERNAL_SERVER_ERROR, "this is a bug of the server").answer();
    } finally {
      if (turn) {
        turns.release();
      }
    }
  }

  /// What is left of a body that is too large is never read.
  private static byte[] body(HttpServerExchange exchange, Route route) throws IOException {
    // The server's own limit would break the connection instead of the answer.
    exchange.setMaxEntitySize(-1);
    exchange.startBlocking();
    byte[] body = exchange.getInputStream().readNBytes(route.maxBody() + 1);
    exchange.setPersistent(body.length <= route.maxBody());
    return body;
  }

  private static void send(HttpServerExchange exchange, Answer answer) {
    HeaderMap headers = exchange.getResponseHeaders();
    SecurityHeaders.put(headers, answer);
    headers.put(Headers.CACHE_CONTROL, answer.cache().header());
    if (answer.status() == StatusCodes.SERVICE_UNAVAILABLE) {
      headers.put(Headers.RETRY_AFTER, "1");
    }
    boolean named = answer.status() == StatusCodes.OK && answer.cache() != Answer.Cache.NEVER;
    if (named) {
      String etag = answer.etag();
      headers.put(Headers.ETAG, etag);
      String known = exchange.getRequestHeaders().getFirst(Headers.IF_NONE_MATCH);
      if (known != null && known.contains(etag)) {
        exchange.setStatusCode(StatusCodes.NOT_MODIFIED).endExchange();
        return;
      }
    }
    exchange.setStatusCode(answer.status());
    if (answer.body().length == 0) {
      exchange.endExchange();
      return;
    }
    headers.put(Headers.CONTENT_TYPE, answer.type());
    exchange.getResponseSender().send(ByteBuffer.wrap(answer.body()));
  }

  /// Takes no more requests and ends those at work.
  @Override
  public void close() {
    server.stop();
    threads.shutdownNow();
  }
}
