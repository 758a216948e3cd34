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
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.WebSockets;
import io.undertow.websockets.spi.WebSocketHttpExchange;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.agentchat.schemas.json.Json;
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
  private final Conversation conversation;
  private final RelayHealth health;
  private final RelayMetrics metrics;
  private final Executor requests = Executors.newVirtualThreadPerTaskExecutor();

  /// @param connections every open connection is in it
  Front(
      RelayLimits limits,
      RelayClock clock,
      Set<Connection> connections,
      Conversation conversation,
      RelayHealth health,
      RelayMetrics metrics) {
    this.limits = limits;
    this.clock = clock;
    this.connections = connections;
    this.conversation = conversation;
    this.health = health;
    this.metrics = metrics;
  }

  @Override
  public void onConnect(WebSocketHttpExchange exchange, WebSocketChannel channel) {
    if (connections.size() >= limits.connections()) {
      WebSockets.sendClose(
          Connection.TRY_AGAIN_LATER, "SERVER_FULL: too many connections", channel, null);
      return;
    }
    Connection connection = new Connection(channel, limits, clock);
    connections.add(connection);
    channel.addCloseTask(_ -> {
      connections.remove(connection);
      connection.gone();
    });
    channel.getReceiveSetter().set(new Receiver(connection));
    channel.resumeReceives();
    Thread.ofVirtual().name("connection").start(() -> conversation.run(connection));
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
        exchange.setStatusCode(
            health.isHealthy() ? StatusCodes.OK : StatusCodes.SERVICE_UNAVAILABLE);
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "application/json");
        exchange.getResponseSender().send(Json.text(health.report()));
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

    Receiver(Connection connection) {
      this.connection = connection;
    }

    @Override
    protected long getMaxTextBufferSize() {
      return ClientMessageCodec.MAX_FRAME;
    }

    @Override
    protected long getMaxBinaryBufferSize() {
      return ClientMessageCodec.MAX_FRAME;
    }

    @Override
    protected void onFullTextMessage(WebSocketChannel channel, BufferedTextMessage message) {
      connection.receive(message.getData());
    }

    /// Existing servers take binary frames as text, so we do.
    @Override
    protected void onFullBinaryMessage(WebSocketChannel channel, BufferedBinaryMessage message) {
      var pooled = message.getData();
      try {
        ByteBuffer bytes = WebSockets.mergeBuffers(pooled.getResource());
        connection.receive(StandardCharsets.UTF_8.decode(bytes).toString());
      } finally {
        pooled.close();
      }
    }

    @Override
    protected void onFullPongMessage(WebSocketChannel channel, BufferedBinaryMessage message) {
      message.getData().close();
      connection.heard();
    }

    @Override
    protected void onError(WebSocketChannel channel, Throwable failure) {
      LOG.debug("{}: {}", connection, failure.toString());
      IoUtils.safeClose(channel);
    }
  }
}
