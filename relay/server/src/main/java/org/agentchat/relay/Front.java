package org.agentchat.relay;

import io.undertow.Handlers;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.ETag;
import io.undertow.util.ETagUtils;
import io.undertow.util.HeaderMap;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import io.undertow.util.StatusCodes;
import io.undertow.websockets.WebSocketConnectionCallback;
import io.undertow.websockets.core.AbstractReceiveListener;
import io.undertow.websockets.core.BufferedBinaryMessage;
import io.undertow.websockets.core.StreamSourceFrameChannel;
import io.undertow.websockets.core.WebSocketCallback;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.WebSockets;
import io.undertow.websockets.spi.WebSocketHttpExchange;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.message.AdminKey;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.IoUtils;

/// The side of the relay that faces the network: WebSocket on any path, `/health`, `/metrics` and
/// the [ServerDocuments] beside it. Runs on I/O threads, so it takes frames and requests in and
/// hands them on, nothing more.
final class Front implements WebSocketConnectionCallback, HttpHandler {
  private static final Logger LOG = LoggerFactory.getLogger(Front.class);

  /// The documents are public, so pages from anywhere may read them.
  private static final HttpString EVERY_PAGE = new HttpString("Access-Control-Allow-Origin");

  private static final HttpString ADMIN_KEY = new HttpString("X-Admin-Key");
  private static final int MAX_USER_AGENT_CHARS = 256;

  private final RelayLimits limits;
  private final AccessRules.Network network;
  private final AllowedPages pages;
  private final RelayClock clock;
  private final Set<Connection> connections;
  private final IncomingRoom incoming;
  private final OutgoingRoom outgoing;
  private final Map<InetAddress, Integer> perAddress = new ConcurrentHashMap<>();
  private final Application application;
  private final RelayHealth health;
  private final RelayMetrics metrics;
  private final ServerDocuments documents;
  private final Admins admins;
  private final AuditLog audit;
  private final Executor requests = Executors.newVirtualThreadPerTaskExecutor();
  private volatile boolean stopping;

  /// @param connections every open connection is in it
  Front(
      RelaySettings settings,
      RelayClock clock,
      Set<Connection> connections,
      Application application,
      RelayHealth health,
      RelayMetrics metrics,
      Admins admins,
      AuditLog audit,
      ServerDocuments documents) {
    this.limits = settings.limits();
    this.network = settings.access().network();
    this.pages = new AllowedPages(network.origins());
    this.clock = clock;
    this.connections = connections;
    this.incoming = new IncomingRoom(limits.memory());
    this.outgoing = new OutgoingRoom(limits.memory().outgoing(), connections);
    this.application = application;
    this.health = health;
    this.metrics = metrics;
    this.documents = documents;
    this.admins = admins;
    this.audit = audit;
  }

  /// Takes every request: WebSocket handshakes on any path, unless a page that may not asks for
  /// one.
  HttpHandler handler() {
    HttpHandler websocket = Handlers.websocket(this, this);
    return exchange -> {
      boolean upgrade = exchange.getRequestHeaders().contains(Headers.SEC_WEB_SOCKET_KEY);
      if (upgrade && !pages.allow(exchange.getRequestHeaders().getFirst(Headers.ORIGIN))) {
        exchange.setStatusCode(StatusCodes.FORBIDDEN);
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "text/plain");
        exchange.getResponseSender().send("Origin not allowed");
      } else {
        websocket.handleRequest(exchange);
      }
    };
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
    if (connections.size() >= limits.sockets().all()) {
      refuse(channel, Connection.TRY_AGAIN_LATER, "SERVER_FULL: too many connections");
      return;
    }
    InetAddress client =
        ClientAddress.of(
            channel.getSourceAddress().getAddress(),
            forwarded(exchange.getRequestHeaders()),
            network.proxies());
    InetAddress address = ClientAddress.network(client);
    if (perAddress.merge(address, 1, Integer::sum) > limits.sockets().perAddress()) {
      release(address);
      audit.record(AuditEvent.refusedAddress(client.getHostAddress()));
      refuse(channel, Connection.POLICY, "Too many connections from this IP");
      return;
    }
    Optional<String> userAgent =
        Optional.ofNullable(exchange.getRequestHeader(Headers.USER_AGENT_STRING))
            .map(text -> Json.excerpt(text, MAX_USER_AGENT_CHARS));
    Connection connection =
        new Connection(channel, client, userAgent, limits, incoming, outgoing, clock);
    connections.add(connection);
    audit.record(AuditEvent.connected(connection));
    channel.addCloseTask(_ -> {
      connections.remove(connection);
      release(address);
      connection.gone();
    });
    channel.getReceiveSetter().set(new Receiver(connection));
    channel.resumeReceives();
    Thread.ofVirtual().name("connection").start(() -> application.run(connection));
  }

  private static List<String> forwarded(Map<String, List<String>> headers) {
    return headers.entrySet().stream()
        .filter(header -> header.getKey().equalsIgnoreCase(Headers.X_FORWARDED_FOR_STRING))
        .flatMap(header -> header.getValue().stream())
        .toList();
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
      case "/api/connections" -> connections(exchange);
      case "/metrics" -> {
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "text/plain; version=0.0.4");
        exchange.getResponseSender().send(metrics.scrape());
      }
      default ->
          documents
              .find(exchange.getRequestPath(), BaseAddress.of(exchange, network.proxies()))
              .ifPresentOrElse(document -> publish(exchange, document), () -> notFound(exchange));
    }
  }

  private static void publish(HttpServerExchange exchange, ServerDocuments.Document document) {
    HeaderMap headers = exchange.getResponseHeaders();
    headers.put(Headers.CACHE_CONTROL, "public, max-age=" + ServerDocuments.FRESH.toSeconds());
    headers.put(Headers.VARY, BaseAddress.FORWARDED_PROTO.toString());
    headers.put(Headers.ETAG, '"' + document.tag() + '"');
    headers.put(EVERY_PAGE, "*");
    if (!ETagUtils.handleIfNoneMatch(exchange, new ETag(false, document.tag()), true)) {
      exchange.setStatusCode(StatusCodes.NOT_MODIFIED).endExchange();
      return;
    }
    headers.put(Headers.CONTENT_TYPE, document.type());
    exchange.getResponseSender().send(document.body());
  }

  private static void notFound(HttpServerExchange exchange) {
    exchange.setStatusCode(StatusCodes.NOT_FOUND);
    exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "text/plain");
    exchange.getResponseSender().send("Not Found");
  }

  private void connections(HttpServerExchange exchange) {
    InetAddress client =
        ClientAddress.of(
            exchange.getSourceAddress().getAddress(),
            values(exchange.getRequestHeaders().get(Headers.X_FORWARDED_FOR)),
            network.proxies());
    exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "application/json");
    switch (admins.decide(client, adminKey(exchange), Admins.Power.OPERATION)) {
      case Admins.Verdict.Granted(String by) -> {
        audit.record(AuditEvent.askedForConnections(client, by, "done"));
        exchange.getResponseSender().send(new ConnectionList(connections).json());
      }
      case Admins.Verdict.Wrong _ -> {
        audit.record(AuditEvent.askedForConnections(client, "nobody", "wrong admin key"));
        unauthorized(exchange);
      }
      case Admins.Verdict.Missing _, Admins.Verdict.NobodyMay _ -> unauthorized(exchange);
      case Admins.Verdict.Locked _ -> {
        exchange.setStatusCode(StatusCodes.TOO_MANY_REQUESTS);
        exchange.getResponseSender().send("{\"error\":\"Too many wrong admin keys\"}");
      }
    }
  }

  private static void unauthorized(HttpServerExchange exchange) {
    exchange.setStatusCode(StatusCodes.UNAUTHORIZED);
    exchange.getResponseSender().send("{\"error\":\"Unauthorized\"}");
  }

  private static List<String> values(@Nullable HeaderValues header) {
    return header == null ? List.of() : List.copyOf(header);
  }

  private static @Nullable AdminKey adminKey(HttpServerExchange exchange) {
    String text = exchange.getRequestHeaders().getFirst(ADMIN_KEY);
    try {
      return text == null ? null : AdminKey.of(text);
    } catch (IllegalArgumentException _) {
      return null;
    }
  }

  /// One socket's incoming side.
  private static final class Receiver extends AbstractReceiveListener {
    private final Connection connection;

    Receiver(Connection connection) {
      this.connection = connection;
    }

    @Override
    protected void onText(WebSocketChannel channel, StreamSourceFrameChannel message) {
      connection.reader().begin(message, false);
    }

    @Override
    protected void onBinary(WebSocketChannel channel, StreamSourceFrameChannel message) {
      connection.reader().begin(message, true);
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
