package org.agentchat.relay;

import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.HttpHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Collections;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.agentchat.ledger.Ledger;
import org.agentchat.ledger.VerifiedEvents;
import org.agentchat.log.EventLog;
import org.agentchat.log.LogException;
import org.agentchat.log.LogUnavailableException;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.event.EventCodec;

/// A running relay: a WebSocket server in front of a log.
///
/// It folds the log before it takes connections, names the log if it has no name, and answers every
/// statement once it is durable and applied. Any number of relays may share a log.
public final class Relay implements AutoCloseable {
  private static final Duration NAMING = Duration.ofSeconds(30);

  /// How long connections may take to read what waits for them and to answer the close.
  private static final Duration FAREWELL = Duration.ofSeconds(2);

  private static final long FAREWELL_LOOK_MILLIS = 10;

  private final Ground ground;
  private final LogSide log;
  private final Front front;
  private final ServerDocuments documents;
  private final Undertow server;
  private final Upkeep upkeep;
  private final Set<Connection> connections;

  private Relay(
      Ground ground,
      LogSide log,
      Front front,
      ServerDocuments documents,
      Undertow server,
      Upkeep upkeep,
      Set<Connection> connections) {
    this.ground = ground;
    this.log = log;
    this.front = front;
    this.documents = documents;
    this.server = server;
    this.upkeep = upkeep;
    this.connections = connections;
  }

  /// Starts a relay; returns when it takes connections.
  ///
  /// @param log stays the caller's to close
  /// @param verified where the relay notes the events whose signature it checked, for whoever reads
  ///   the same log in this process
  /// @throws IOException if the address cannot be used, the certificate not be read, or a file of
  ///   the access rules or the relay's secret is damaged
  /// @throws LogException if the log cannot be read or named
  public static Relay start(RelaySettings settings, EventLog log, VerifiedEvents verified)
      throws IOException, InterruptedException {
    return start(settings, log, verified, System::currentTimeMillis);
  }

  static Relay start(
      RelaySettings settings, EventLog log, VerifiedEvents verified, RelayClock clock)
      throws IOException, InterruptedException {
    if (settings.access().folder().isPresent()) {
      Files.createDirectories(settings.access().folder().get());
    }
    Ground ground = Ground.of(settings, clock);
    AccessFiles files = AccessFiles.of(settings.access());
    LogSide side = LogSide.follow(ground, log, verified);
    try {
      return start(ground, files, side, verified);
    } catch (IOException | RuntimeException | InterruptedException e) {
      side.close();
      throw e;
    }
  }

  /// Puts the rest on top of a log that is followed, and opens the doors last.
  private static Relay start(Ground ground, AccessFiles files, LogSide log, VerifiedEvents verified)
      throws IOException, InterruptedException {
    RelaySettings settings = ground.settings();
    String origin = name(log.ledger(), settings, ground.clock());
    LogClock.align(log.ledger(), settings.relay(), ground.clock());
    Positions positions =
        Positions.open(
            settings.home(), origin, log.ledger().read(Ledger::size), log.backlog()::concerns);
    log.crier().start();
    Set<Connection> connections = ConcurrentHashMap.newKeySet();
    Talk talk = Talk.of(ground);
    Admins admins = new Admins(settings.access().admins(), ground.clock());
    Conversation conversation =
        conversation(ground, files, log, verified, talk, admins, positions, connections, origin);
    measure(ground.metrics(), connections, log.ledger());
    ServerDocuments documents = new ServerDocuments(settings, origin);
    Front front =
        new Front(
            settings,
            ground.clock(),
            connections,
            conversation,
            new RelayHealth(
                settings, log.ledger(), ground.directory(), ground.channels(), ground.clock()),
            ground.metrics(),
            admins,
            ground.audit(),
            documents);
    Undertow server = listen(settings, front.handler());
    Upkeep upkeep = Upkeep.start(ground, log.ledger(), talk.desk(), positions, connections);
    ground.audit().start();
    ground.audit().record(AuditEvent.serverStart(settings.relay()));
    log.clerk().start();
    return new Relay(ground, log, front, documents, server, upkeep, connections);
  }

  /// What a connection's frames go through: who it is, what it may, chat, and the marketplace.
  private static Conversation conversation(
      Ground ground,
      AccessFiles files,
      LogSide log,
      VerifiedEvents verified,
      Talk talk,
      Admins admins,
      Positions positions,
      Set<Connection> connections,
      String origin) {
    RelaySettings settings = ground.settings();
    RelayClock clock = ground.clock();
    LiveLedger ledger = log.ledger();
    Recall recall = new Recall(log.backlog(), positions, clock);
    ledger.alsoTell(recall::follow);
    MessageOfTheDay motd = new MessageOfTheDay(settings.motd());
    KeyGate keys = new KeyGate(ledger);
    AccountNames names = new AccountNames(ledger);
    Admittance admittance =
        new Admittance(files.allowlist(), files.bans(), names, settings.access().genesis());
    ledger.alsoTell(new Inheritance(ground.directory(), admittance, ground.audit(), clock)::follow);
    Departures departures = new Departures(ground.directory(), talk.chat(), recall);
    Handshake handshake =
        new Handshake(settings, admittance, motd, origin, clock, ground.verifier(), ground.audit());
    Entrance entrance =
        new Entrance(
            ground.directory(),
            handshake,
            keys,
            new Takeovers(),
            new Captchas(settings.access().captcha(), clock),
            new Lurk(settings.access().lurk(), files.sights(), ledger, clock),
            talk.chat(),
            recall,
            departures,
            ground.audit(),
            clock);
    Moderation moderation =
        new Moderation(
            admins,
            files.allowlist(),
            files.bans(),
            admittance,
            names,
            motd,
            ground.directory(),
            connections,
            departures,
            talk.chat(),
            ground.audit(),
            clock);
    Marketplace marketplace =
        new Marketplace(
            ledger,
            ground.directory(),
            new ArbiterPool(ground.directory(), ledger, log.secret()),
            settings,
            clock,
            ground.verifier(),
            verified,
            ground.metrics());
    return new Conversation(
        handshake,
        entrance,
        keys,
        moderation,
        talk.chat(),
        recall,
        talk.desk(),
        marketplace,
        new SkillSearch(log.skills(), clock),
        talk.texts(),
        settings,
        clock,
        ground.metrics());
  }

  private static void measure(
      RelayMetrics metrics, Set<Connection> connections, LiveLedger ledger) {
    metrics.gauge("connections", "open sockets", connections::size);
    metrics.gauge("log_size", "entries applied", () -> ledger.read(Ledger::size));
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

  /// Listens where the settings say, with the relay's options for sockets and requests.
  ///
  /// @throws IOException if the address cannot be used or the certificate not be read
  static Undertow listen(RelaySettings settings, HttpHandler handler) throws IOException {
    Undertow.Builder builder =
        Undertow.builder()
            .setServerOption(UndertowOptions.MAX_HEADER_SIZE, 16 * 1024)
            .setServerOption(UndertowOptions.MAX_ENTITY_SIZE, 1024L)
            .setServerOption(UndertowOptions.REQUEST_PARSE_TIMEOUT, 10_000)
            .setServerOption(UndertowOptions.NO_REQUEST_TIMEOUT, 60_000)
            .setHandler(handler);
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
    return (ground.settings().tls().isPresent() ? "wss://" : "ws://")
        + bracketed
        + ":"
        + address.getPort();
  }

  /// The name of the log behind the relay.
  public String origin() {
    return log.ledger().read(Ledger::origin).orElseThrow();
  }

  /// Says from now on in the server information that a ledger's HTTP API is at this port of the
  /// same host.
  public void tellLedger(int port) {
    documents.tellLedger(port);
  }

  /// What its parts stand on.
  Ground ground() {
    return ground;
  }

  /// The fold that it follows the log with.
  LiveLedger ledger() {
    return log.ledger();
  }

  /// Who is connected now.
  Set<Connection> connections() {
    return Collections.unmodifiableSet(connections);
  }

  /// How many entries the relay has applied.
  public long size() {
    return log.ledger().read(Ledger::size);
  }

  /// Done, with the reason, when the relay has stopped to follow the log in a way that only a
  /// restart mends. It then refuses every statement.
  public CompletableFuture<String> failed() {
    return log.ledger().failed();
  }

  /// Says goodbye to every connection, waits up to two seconds until they have heard it, and stops.
  /// A statement that still waits ends with [LogUnavailableException]. The log stays open.
  @Override
  public void close() {
    front.stopAccepting();
    connections.forEach(
        connection -> connection.close(Connection.GOING_AWAY, "Server shutting down"));
    awaitFarewells();
    upkeep.close();
    server.stop();
    log.close();
    ground.audit().record(AuditEvent.serverStop(ground.settings().relay()));
    ground.audit().close();
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
