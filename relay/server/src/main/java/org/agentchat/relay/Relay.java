package org.agentchat.relay;

import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.agentchat.ledger.EntryReader;
import org.agentchat.ledger.Ledger;
import org.agentchat.ledger.VerifiedEvents;
import org.agentchat.log.EventLog;
import org.agentchat.log.LogException;
import org.agentchat.log.LogUnavailableException;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.event.EventCodec;
import org.agentchat.schemas.identity.Ed25519Verifier;

/// A running relay: a WebSocket server in front of a log.
///
/// It folds the log before it takes connections, names the log if it has no name, and answers every
/// statement once it is durable and applied. Any number of relays may share a log.
public final class Relay implements AutoCloseable {
  private static final Duration NAMING = Duration.ofSeconds(30);

  /// How long connections may take to read what waits for them and to answer the close.
  private static final Duration FAREWELL = Duration.ofSeconds(2);

  private static final long FAREWELL_LOOK_MILLIS = 10;

  private final Undertow server;
  private final Front front;
  private final LiveLedger ledger;
  private final Announcer announcer;
  private final Ticker ticker;
  private final Clerk clerk;
  private final Housekeeping housekeeping;
  private final Set<Connection> connections;
  private final boolean tls;

  private Relay(
      Undertow server,
      Front front,
      LiveLedger ledger,
      Announcer announcer,
      Ticker ticker,
      Clerk clerk,
      Housekeeping housekeeping,
      Set<Connection> connections,
      boolean tls) {
    this.server = server;
    this.front = front;
    this.ledger = ledger;
    this.announcer = announcer;
    this.ticker = ticker;
    this.clerk = clerk;
    this.housekeeping = housekeeping;
    this.connections = connections;
    this.tls = tls;
  }

  /// Starts a relay; returns when it takes connections.
  ///
  /// @param log stays the caller's to close
  /// @param verified where the relay notes the events whose signature it checked, for whoever reads
  ///   the same log in this process
  /// @throws IOException if the address cannot be used or the certificate not be read
  /// @throws LogException if the log cannot be read or named
  public static Relay start(RelaySettings settings, EventLog log, VerifiedEvents verified)
      throws IOException, InterruptedException {
    return start(settings, log, verified, System::currentTimeMillis);
  }

  static Relay start(
      RelaySettings settings, EventLog log, VerifiedEvents verified, RelayClock clock)
      throws IOException, InterruptedException {
    Ed25519Verifier verifier = new Ed25519Verifier();
    Directory directory = new Directory();
    Channels channels = new Channels(settings);
    RelayMetrics metrics = new RelayMetrics();
    Announcer announcer = new Announcer(directory, channels, clock, metrics);
    Clerk.Bell bell = new Clerk.Bell();
    LiveLedger ledger =
        new LiveLedger(
            log,
            new EntryReader(verifier, verified),
            applied -> {
              announcer.announce(applied);
              bell.hear(applied);
            });
    Clerk clerk = new Clerk(ledger, settings.relay(), settings.secret(), clock, bell);
    ledger.catchUp();
    ledger.follow();
    try {
      String origin = name(ledger, settings, clock);
      announcer.start();
      Set<Connection> connections = ConcurrentHashMap.newKeySet();
      Chat chat = new Chat(directory, channels, settings, clock, verifier);
      ArbiterPool arbiters = new ArbiterPool(directory, ledger, _ -> true, settings.secret());
      Conversation conversation =
          new Conversation(
              directory,
              new Handshake(settings, origin, clock, verifier),
              new Takeovers(),
              chat,
              new Marketplace(
                  ledger, directory, arbiters, settings, clock, verifier, verified, metrics),
              settings.limits(),
              clock,
              metrics);
      metrics.gauge("connections", "open sockets", connections::size);
      metrics.gauge("log_size", "entries applied", () -> ledger.read(Ledger::size));
      RelayHealth health = new RelayHealth(settings, ledger, directory, channels, clock);
      Front front = new Front(settings.limits(), clock, connections, conversation, health, metrics);
      Undertow server = listen(settings, front);
      Housekeeping housekeeping = new Housekeeping(connections, settings.limits(), clock, metrics);
      housekeeping.start();
      Ticker ticker = new Ticker(ledger, settings.relay(), clock);
      ticker.start();
      clerk.start();
      return new Relay(
          server,
          front,
          ledger,
          announcer,
          ticker,
          clerk,
          housekeeping,
          connections,
          settings.tls().isPresent());
    } catch (IOException | RuntimeException | InterruptedException e) {
      ledger.close();
      announcer.close();
      throw e;
    }
  }

  /// The log's name, given by this relay if nobody was first.
  private static String name(LiveLedger ledger, RelaySettings settings, RelayClock clock)
      throws InterruptedException {
    if (ledger.read(Ledger::origin).isEmpty()) {
      Event genesis = new Event.Genesis(clock.millis(), settings.relay(), settings.origin());
      ledger.record(EventCodec.encode(genesis), NAMING);
    }
    return ledger.read(Ledger::origin).orElseThrow();
  }

  private static Undertow listen(RelaySettings settings, Front front) throws IOException {
    Undertow.Builder builder =
        Undertow.builder()
            .setServerOption(UndertowOptions.MAX_HEADER_SIZE, 16 * 1024)
            .setServerOption(UndertowOptions.MAX_ENTITY_SIZE, 1024L)
            .setServerOption(UndertowOptions.REQUEST_PARSE_TIMEOUT, 10_000)
            .setServerOption(UndertowOptions.NO_REQUEST_TIMEOUT, 60_000)
            .setHandler(Handlers.websocket(front, front));
    if (settings.tls().isPresent()) {
      builder.addHttpsListener(settings.port(), settings.host(), settings.tls().get().context());
    } else {
      builder.addHttpListener(settings.port(), settings.host());
    }
    Undertow server = builder.build();
    try {
      server.start();
    } catch (RuntimeException e) {
      throw new IOException(
          "cannot listen on "
              + settings.host()
              + ":"
              + settings.port()
              + ": "
              + (e.getCause() == null ? e.getMessage() : e.getCause().getMessage()),
          e);
    }
    return server;
  }

  /// Where the relay listens.
  public InetSocketAddress address() {
    return (InetSocketAddress) server.getListenerInfo().getFirst().getAddress();
  }

  /// The address that clients on this machine use.
  public String url() {
    InetSocketAddress address = address();
    String host =
        address.getAddress().isAnyLocalAddress()
            ? "localhost"
            : address.getAddress().getHostAddress();
    String bracketed = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    return (tls ? "wss://" : "ws://") + bracketed + ":" + address.getPort();
  }

  /// The name of the log behind the relay.
  public String origin() {
    return ledger.read(Ledger::origin).orElseThrow();
  }

  /// How many entries the relay has applied.
  public long size() {
    return ledger.read(Ledger::size);
  }

  /// Done, with the reason, when the relay has stopped to follow the log in a way that only a
  /// restart mends. It then refuses every statement.
  public CompletableFuture<String> failed() {
    return ledger.failed();
  }

  /// Says goodbye to every connection, waits up to two seconds until they have heard it, and stops.
  /// A statement that still waits ends with [LogUnavailableException]. The log stays open.
  @Override
  public void close() {
    front.stopAccepting();
    connections.forEach(
        connection -> connection.close(Connection.GOING_AWAY, "Server shutting down"));
    awaitFarewells();
    ticker.close();
    clerk.close();
    ledger.close();
    announcer.close();
    housekeeping.close();
    server.stop();
  }

  private void awaitFarewells() {
    long deadline = System.nanoTime() + FAREWELL.toNanos();
    try {
      while (!connections.stream().allMatch(Connection::hasLeft) && System.nanoTime() < deadline) {
        Thread.sleep(FAREWELL_LOOK_MILLIS);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
