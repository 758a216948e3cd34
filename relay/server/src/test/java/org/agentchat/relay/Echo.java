package org.agentchat.relay;

import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.websockets.WebSocketConnectionCallback;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.WebSockets;
import io.undertow.websockets.spi.WebSocketHttpExchange;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The relay's listener, sockets, limits and queues with another application behind them: one that
/// says what it hears. A text takes the relay's whole way in and out. A binary message comes in the
/// same way and is written to the bare socket, for the relay never sends one.
final class Echo implements Application, WebSocketConnectionCallback, AutoCloseable {
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
  private final Map<Connection, WebSocketChannel> sockets = new HashMap<>();
  private final Front front;
  private final Undertow server;

  Echo(RelayLimits limits) throws IOException {
    RelaySettings settings =
        RelaySettings.of("127.0.0.1", 0, "echo", "test.example/echo").with(limits);
    RelayMetrics metrics = new RelayMetrics();
    RelayClock clock = System::currentTimeMillis;
    front =
        new Front(
            settings,
            clock,
            connections,
            this,
            null,
            metrics,
            new Admins(AccessRules.Admins.NONE, clock),
            new AuditLog(Optional.empty(), clock, metrics),
            new ServerDocuments(settings, "test.example/echo"));
    server = Relay.listen(settings, Handlers.websocket(this, front));
  }

  String url() {
    InetSocketAddress address =
        (InetSocketAddress) server.getListenerInfo().getFirst().getAddress();
    return "ws://127.0.0.1:" + address.getPort();
  }

  /// One at a time: the connection that has no socket afterwards is the one that was just made.
  @Override
  public synchronized void onConnect(WebSocketHttpExchange exchange, WebSocketChannel channel) {
    sockets.keySet().retainAll(connections);
    front.onConnect(exchange, channel);
    connections.forEach(connection -> sockets.putIfAbsent(connection, channel));
  }

  private synchronized WebSocketChannel socket(Connection connection) {
    return sockets.get(connection);
  }

  @Override
  public void run(Connection connection) {
    try {
      while (!connection.isClosed()) {
        Optional<Frame> frame = connection.take();
        frame.ifPresent(heard -> say(connection, heard));
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void say(Connection connection, Frame heard) {
    heard.handled().run();
    if (heard.binary()) {
      WebSockets.sendBinary(heard.utf8(), socket(connection), null);
    } else {
      connection.send(OutgoingFrame.text(heard.text().getBytes(StandardCharsets.UTF_8)));
    }
  }

  @Override
  public void close() {
    server.stop();
  }
}
