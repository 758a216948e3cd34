package org.agentchat.witness;

import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.io.Receiver;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import io.undertow.util.StatusCodes;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.agentchat.tlog.NoteSigner;
import org.agentchat.tlog.TreeHead;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.Options;

/// A witness over HTTP (C2SP tlog-witness): `POST /add-checkpoint`, and for people `GET /` and `GET
/// /health`.
///
/// Bodies are read on the I/O threads, up to [AddCheckpoint#MAX_BYTES]; each request is then
/// decided on a virtual thread of its own, which may wait for the disk.
public final class WitnessServer implements AutoCloseable {
  /// Requests at work at once; further ones wait.
  private static final int MAX_AT_WORK = 64;

  /// How long a request may wait for its turn.
  private static final Duration TURN_TIMEOUT = Duration.ofSeconds(5);

  /// Connections at once. Logs keep theirs open; beyond this nobody is let in until some have left.
  private static final int MAX_CONNECTIONS = 1_024;

  private static final int MAX_HEADER_BYTES = 16 * 1024;
  private static final int MAX_HEADERS = 64;
  private static final int IDLE_TIMEOUT_MS = 60_000;
  private static final int PARSE_TIMEOUT_MS = 10_000;
  private static final int READ_TIMEOUT_MS = 60_000;
  private static final String PATH = "/add-checkpoint";
  private static final HttpString NO_SNIFF = new HttpString("X-Content-Type-Options");
  private static final Logger log = LoggerFactory.getLogger(WitnessServer.class);

  private final WitnessState state;
  private final NoteSigner signer;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore turns = new Semaphore(MAX_AT_WORK);
  private final Undertow server;

  private WitnessServer(WitnessSettings settings, WitnessState state) {
    this.state = state;
    this.signer = settings.signer();
    this.server =
        Undertow.builder()
            .addHttpListener(settings.port(), settings.host())
            // Requests run on virtual threads; Undertow's own are not used.
            .setWorkerThreads(1)
            .setSocketOption(Options.READ_TIMEOUT, READ_TIMEOUT_MS)
            .setSocketOption(Options.CONNECTION_HIGH_WATER, MAX_CONNECTIONS)
            .setSocketOption(Options.CONNECTION_LOW_WATER, MAX_CONNECTIONS)
            .setServerOption(UndertowOptions.MAX_HEADER_SIZE, MAX_HEADER_BYTES)
            .setServerOption(UndertowOptions.MAX_HEADERS, MAX_HEADERS)
            .setServerOption(UndertowOptions.IDLE_TIMEOUT, IDLE_TIMEOUT_MS)
            .setServerOption(UndertowOptions.NO_REQUEST_TIMEOUT, IDLE_TIMEOUT_MS)
            .setServerOption(UndertowOptions.REQUEST_PARSE_TIMEOUT, PARSE_TIMEOUT_MS)
            .setHandler(this::route)
            .build();
  }

  /// Opens the folder and starts to listen.
  ///
  /// @throws UncheckedIOException when another process uses the folder, a file in it is damaged, or
  ///   the port cannot be had
  public static WitnessServer start(WitnessSettings settings) {
    WitnessState state =
        WitnessState.open(settings.folder(), settings.signer(), settings.logs(), Clock.systemUTC());
    WitnessServer witness = new WitnessServer(settings, state);
    boolean started = false;
    try {
      witness.server.start();
      started = true;
      return witness;
    } catch (RuntimeException e) {
      if (e.getCause() instanceof BindException cause) {
        throw new UncheckedIOException(
            "cannot listen on %s:%d: %s"
                .formatted(settings.host(), settings.port(), cause.getMessage()),
            cause);
      }
      throw e;
    } finally {
      if (!started) {
        witness.close();
      }
    }
  }

  /// Where it listens.
  public InetSocketAddress address() {
    return (InetSocketAddress) server.getListenerInfo().getFirst().getAddress();
  }

  /// The tree cosigned last of each log, by origin; empty trees for logs that never came.
  public Map<String, TreeHead> heads() {
    return state.heads();
  }

  private void route(HttpServerExchange exchange) {
    HttpString method = exchange.getRequestMethod();
    boolean reads = method.equals(Methods.GET) || method.equals(Methods.HEAD);
    switch (exchange.getRelativePath()) {
      case PATH -> {
        if (method.equals(Methods.POST)) {
          receive(exchange);
        } else {
          refuse(exchange, Reply.notAllowed("POST"));
        }
      }
      case "/", "/health" -> {
        if (!reads) {
          refuse(exchange, Reply.notAllowed("GET, HEAD"));
        } else {
          exchange.dispatch(threads, this::show);
        }
      }
      default -> refuse(exchange, Reply.text(StatusCodes.NOT_FOUND, "nothing is served here"));
    }
  }

  /// Answers without reading the body that may come with the request.
  private static void refuse(HttpServerExchange exchange, Reply reply) {
    if (!exchange.isRequestComplete()) {
      exchange.setPersistent(false);
    }
    send(exchange, reply);
  }

  private void show(HttpServerExchange exchange) {
    send(
        exchange,
        exchange.getRelativePath().equals("/health")
            ? Reply.health(state.heads())
            : Reply.page(signer, state.heads()));
  }

  private void receive(HttpServerExchange exchange) {
    Receiver receiver = exchange.getRequestReceiver();
    receiver.setMaxBufferSize(AddCheckpoint.MAX_BYTES);
    receiver.receiveFullBytes(
        (_, body) -> exchange.dispatch(threads, ready -> send(ready, answer(body))),
        (_, problem) -> {
          if (problem instanceof Receiver.RequestToLargeException) {
            refuse(exchange, Reply.tooLarge());
          } else {
            exchange.setPersistent(false);
            exchange.endExchange();
          }
        });
  }

  private Reply answer(byte[] body) {
    boolean turn = false;
    try {
      turn = turns.tryAcquire(TURN_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
      return turn ? Reply.of(decide(body)) : Reply.busy("too many requests at once; try again");
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return Reply.busy("the witness is stopping");
    } catch (UncheckedIOException e) {
      log.error("nothing is cosigned: {}", e.getMessage());
      return Reply.busy("the witness cannot record it now; try again");
    } catch (RuntimeException e) {
      log.error("a checkpoint could not be judged", e);
      return Reply.text(StatusCodes.INTERNAL_SERVER_ERROR, "this is a bug of the witness");
    } finally {
      if (turn) {
        turns.release();
      }
    }
  }

  private WitnessAnswer decide(byte[] body) {
    AddCheckpoint request;
    try {
      request = AddCheckpoint.parse(body);
    } catch (IllegalArgumentException e) {
      return new WitnessAnswer.Malformed(String.valueOf(e.getMessage()));
    }
    return state.add(request);
  }

  private static void send(HttpServerExchange exchange, Reply reply) {
    HeaderMap headers = exchange.getResponseHeaders();
    headers.put(Headers.CONTENT_TYPE, reply.type());
    headers.put(Headers.CACHE_CONTROL, "no-store");
    headers.put(NO_SNIFF, "nosniff");
    if (reply.status() == StatusCodes.SERVICE_UNAVAILABLE) {
      headers.put(Headers.RETRY_AFTER, "1");
    }
    if (reply.status() == StatusCodes.METHOD_NOT_ALLOWED) {
      headers.put(Headers.ALLOW, reply.allowed());
    }
    exchange.setStatusCode(reply.status());
    exchange.getResponseSender().send(ByteBuffer.wrap(reply.bytes()));
  }

  /// Takes no more requests, ends those at work and lets go of the folder.
  @Override
  public void close() {
    server.stop();
    threads.shutdownNow();
    try {
      // What is being stored now is stored before somebody else may have the folder.
      if (!threads.awaitTermination(TURN_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
        log.warn("a request is still at work");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    state.close();
  }
}
