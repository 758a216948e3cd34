package org.agentchat.relay;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.Methods;
import io.undertow.util.StatusCodes;
import io.undertow.websockets.WebSocketConnectionCallback;
import io.undertow.websockets.core.AbstractReceiveListener;
import io.undertow.websockets.core.BufferedBinaryMessage;
import io.undertow.websockets.core.BufferedTextMessage;
import io.undertow.websockets.core.WebSocketCallback;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.WebSockets;
import io.undertow.websockets.spi.WebSocketHttpExchange;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.agentchat.schemas.message.ClientMessageCodec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.IoUtils;

/// The side of the relay that faces the network: WebSocket on any path, `/health` and `/metrics`
/// beside it. Runs on I/O threads, so it takes frames and requests in and hands them on, nothing
/// more.
final class Front implements WebSocketConnectionCallback, HttpHandler {
  private static final Logger LOG = LoggerFactory.getLogger(Front.class);

  private final RelayLimits limits;
  private final RelayClock clock;
  private final Set<Connection> connections;
  private final Map<InetAddress, Integer> perAddress = new ConcurrentHashMap<>();
  private final Application application;
  private final RelayHealth health;
  private final RelayMetrics metrics;
  private final Executor requests = Executors.newVirtualThreadPerTaskExecutor();
  private volatile boolean stopping;

  /// @param connections every open connection is in it
  Front(
      RelayLimits limits,
      RelayClock clock,
      Set<Connection> connections,
      Application application,
      RelayHealth health,
      RelayMetrics metrics) {
    this.limits = limits;
    this.clock = clock;
    this.connections = connections;
    this.application = application;
    this.health = health;
    this.metrics = metrics;
  }

  /// Takes no more connections.
  void stopAccepting() {
    stopping = true;
  }

  @Override
  public void onConnect(WebSocketHttpExchange exchange, WebSocketChannel channel) {
    if (stopping) {
      refuse(channel, Connection.GOING_AWAY, "Server shutting down");
      return;
    }
    if (connections.size() >= limits.connections()) {
      refuse(channel, Connection.TRY_AGAIN_LATER, "SERVER_FULL: too many connections");
      return;
    }
    InetAddress address = channel.getSourceAddress().getAddress();
    if (perAddress.merge(address, 1, Integer::sum) > limits.connectionsPerAddress()) {
      release(address);
      refuse(channel, Connection.POLICY, "Too many connections from this IP");
      return;
    }
    Connection connection = new Connection(channel, limits, clock);
    connections.add(connection);
    channel.addCloseTask(_ -> {
      connections.remove(connection);
      release(address);
      connection.gone();
    });
    channel.getReceiveSetter().set(new Receiver(connection, limits));
    channel.resumeReceives();
    Thread.ofVirtual().name("connection").start(() -> application.run(connection));
  }

  /// Says why, and closes without waiting for the peer: nobody would notice that it stays.
  private static void refuse(WebSocketChannel channel, int code, String reason) {
    WebSockets.sendClose(
        code,
        reason,
        channel,
        new WebSocketCallback<>() {
          @Override
          public void complete(WebSocketChannel refused, Void context) {
            IoUtils.safeClose(refused);
          }

          @Override
          public void onError(WebSocketChannel refused, Void context, Throwable failure) {
            IoUtils.safeClose(refused);
          }
        });
  }

  private void release(InetAddress address) {
    perAddress.computeIfPresent(address, (_, count) -> count == 1 ? null : count - 1);
  }

  /// Everything that is not a WebSocket handshake, away from the I/O thread.
  @Override
  public void handleRequest(HttpServerExchange exchange) {
    exchange.dispatch(requests, this::answer);
  }

  private void answer(HttpServerExchange exchange) {
    if (!exchange.getRequestMethod().equals(Methods.GET)
        && !exchange.getRequestMethod().equals(Methods.HEAD)) {
      exchange.getResponseHeaders().put(Headers.ALLOW, "GET, HEAD");
      exchange.setStatusCode(StatusCodes.METHOD_NOT_ALLOWED).endExchange();
      return;
    }
    switch (exchange.getRequestPath()) {
      case "/health" -> {
        RelayHealth.Report report = health.report();
        exchange.setStatusCode(report.healthy() ? StatusCodes.OK : StatusCodes.SERVICE_UNAVAILABLE);
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "application/json");
        exchange.getResponseSender().send(report.json());
      }
      case "/metrics" -> {
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "text/plain; version=0.0.4");
        exchange.getResponseSender().send(metrics.scrape());
      }
      default -> {
        exchange.setStatusCode(StatusCodes.NOT_FOUND);
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "text/plain");
        exchange.getResponseSender().send("Not Found");
      }
    }
  }

  /// One socket's incoming side.
  private static final class Receiver extends AbstractReceiveListener {
    private final Connection connection;

    private final RelayLimits limits;

    Receiver(Connection connection, RelayLimits limits) {
      this.connection = connection;
      this.limits = limits;
    }

    @Override
    protected long getMaxTextBufferSize() {
      return connection.agent().isPresent()
          ? ClientMessageCodec.MAX_FRAME
          : limits.frameBytesBeforeIdentity();
    }

    @Override
    protected long getMaxBinaryBufferSize() {
      return getMaxTextBufferSize();
    }

    @Override
    protected void onFullTextMessage(WebSocketChannel channel, BufferedTextMessage message) {
      connection.receive(new Frame.Text(message.getData()));
    }

    @Override
    protected void onFullBinaryMessage(WebSocketChannel channel, BufferedBinaryMessage message) {
      var pooled = message.getData();
      try {
        // Merging copies only what is in more than one buffer, and the pool takes its buffers back.
        ByteBuffer bytes = WebSockets.mergeBuffers(pooled.getResource());
        connection.receive(
            new Frame.Binary(ByteBuffer.allocate(bytes.remaining()).put(bytes).flip()));
      } finally {
        pooled.close();
      }
    }

    @Override
    protected void onFullPongMessage(WebSocketChannel channel, BufferedBinaryMessage message) {
      var pooled = message.getData();
      try {
        connection.ponged(WebSockets.mergeBuffers(pooled.getResource()));
      } finally {
        pooled.close();
      }
    }

    @Override
    protected void onError(WebSocketChannel channel, Throwable failure) {
      LOG.debug("{}: {}", connection, failure.toString());
      IoUtils.safeClose(channel);
    }
  }
}
