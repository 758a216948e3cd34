package org.agentchat.relay;

import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.HttpHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Collections;
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
  private final ServerDocuments documents;
  private final LiveLedger ledger;
  private final Crier crier;
  private final Backlog backlog;
  private final Ticker ticker;
  private final Clerk clerk;
  private final Housekeeping housekeeping;
  private final ChatRounds rounds;
  private final AuditLog audit;
  private final String name;
  private final Set<Connection> connections;
  private final boolean tls;

  private Relay(
      Undertow server,
      Front front,
      ServerDocuments documents,
      LiveLedger ledger,
      Crier crier,
      Backlog backlog,
      Ticker ticker,
      Clerk clerk,
      Housekeeping housekeeping,
      ChatRounds rounds,
      AuditLog audit,
      String name,
      Set<Connection> connections,
      boolean tls) {
    this.server = server;
    this.front = front;
    this.documents = documents;
    this.ledger = ledger;
    this.crier = crier;
    this.backlog = backlog;
    this.ticker = ticker;
    this.clerk = clerk;
    this.housekeeping = housekeeping;
    this.rounds = rounds;
    this.audit = audit;
    this.name = name;
    this.connections = connections;
    this.tls = tls;
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
    Ed25519Verifier verifier = new Ed25519Verifier();
    AccessRules access = settings.access();
    if (access.folder().isPresent()) {
      Files.createDirectories(access.folder().get());
    }
    RelaySecret secret = RelaySecret.in(settings.home());
    RelayMetrics metrics = new RelayMetrics();
    Allowlist allowlist = new Allowlist(access);
    Bans bans = new Bans(access);
    FirstSights sights = new FirstSights(access.folder(), FirstSights.MAX_KEYS);
    AuditLog audit = new AuditLog(access.audit(), clock, metrics);
    Directory directory = new Directory();
    Channels channels = new Channels(settings, clock);
    Backlog backlog = new Backlog(Spool.open(settings.home()));
    Crier crier = new Crier(channels, clock, metrics);
    Announcer announcer = new Announcer(backlog, new Successors(), crier, clock);
    Clerk.Bell bell = new Clerk.Bell();
    LiveLedger ledger =
        new LiveLedger(
            log,
            new EntryReader(verifier, verified),
            (applied, live) -> {
              announcer.announce(applied, live);
              bell.hear(applied);
            });
    Clerk clerk = new Clerk(ledger, settings.relay(), secret, clock, bell);
    SkillIndex skills = new SkillIndex();
    AccountNews news = new AccountNews(ledger, directory, skills, crier, clock);
    ledger.catchUp();
    news.begin();
    ledger.alsoTell(news::announce);
    ledger.follow();
    try {
      String origin = name(ledger, settings, clock);
      Positions positions =
          Positions.open(
              settings.home(), origin, ledger.read(Ledger::size), backlog::concerns);
      crier.start();
      Set<Connection> connections = ConcurrentHashMap.newKeySet();
      ChatRules rules = settings.chat();
      Callbacks callbacks = new Callbacks(channels, rules.callbacks(), clock);
      Repeats repeats = new Repeats(rules.repeats(), clock);
      LargeTexts texts = new LargeTexts();
      Chat chat =
          new Chat(
              directory, channels, settings, clock, verifier, callbacks, repeats, texts, audit);
      ChatDesk desk =
          new ChatDesk(
              directory,
              channels,
              settings,
              clock,
              new Signals(channels, rules, clock),
              new FileChunks(directory, clock),
              new Verifications(directory, rules.verifications(), clock, verifier),
              callbacks,
              repeats,
              new IdlePrompts(channels, rules.idle(), clock, new SecureRandom()),
              audit);
      Admins admins = new Admins(access.admins(), clock);
      MessageOfTheDay motd = new MessageOfTheDay(settings.motd());
      Recall recall = new Recall(backlog, positions, clock);
      ledger.alsoTell(recall::follow);
      KeyGate keys = new KeyGate(ledger);
      Departures departures = new Departures(directory, chat, recall);
      Handshake handshake = new Handshake(settings, allowlist, bans, motd, origin, clock, verifier);
      Entrance entrance =
          new Entrance(
              directory,
              handshake,
              keys,
              new Takeovers(),
              new Captchas(access.captcha(), clock),
              new Lurk(access.lurk(), sights, ledger, clock),
              chat,
              recall,
              departures,
              audit,
              clock);
      Moderation moderation =
          new Moderation(
              admins,
              allowlist,
              bans,
              motd,
              directory,
              connections,
              departures,
              chat,
              audit,
              clock);
      ArbiterPool arbiters = new ArbiterPool(directory, ledger, secret);
      Conversation conversation =
          new Conversation(
              handshake,
              entrance,
              keys,
              moderation,
              chat,
              recall,
              desk,
              new Marketplace(
                  ledger, directory, arbiters, settings, clock, verifier, verified, metrics),
              new SkillSearch(skills, clock),
              texts,
              settings,
              clock,
              metrics);
      metrics.gauge("connections", "open sockets", connections::size);
      metrics.gauge("log_size", "entries applied", () -> ledger.read(Ledger::size));
      RelayHealth health = new RelayHealth(settings, ledger, directory, channels, clock);
      ServerDocuments documents = new ServerDocuments(settings, origin);
      Front front =
          new Front(
              settings,
              clock,
              connections,
              conversation,
              health,
              metrics,
              admins,
              audit,
              documents);
      Undertow server = listen(settings, front.handler());
      Housekeeping housekeeping =
          new Housekeeping(connections, settings.limits(), positions, clock, metrics, audit);
      housekeeping.start();
      ChatRounds rounds = new ChatRounds(desk, clock);
      rounds.start();
      Ticker ticker = new Ticker(ledger, settings.relay(), clock);
      ticker.start();
      audit.start();
      audit.record(AuditEvent.serverStart(settings.relay()));
      clerk.start();
      return new Relay(
          server,
          front,
          documents,
          ledger,
          crier,
          backlog,
          ticker,
          clerk,
          housekeeping,
          rounds,
          audit,
          settings.relay(),
          connections,
          settings.tls().isPresent());
    } catch (IOException | RuntimeException | InterruptedException e) {
      ledger.close();
      crier.close();
      backlog.close();
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
    return (tls ? "wss://" : "ws://") + bracketed + ":" + address.getPort();
  }

  /// The name of the log behind the relay.
  public String origin() {
    return ledger.read(Ledger::origin).orElseThrow();
  }

  /// Says from now on in the server information that a ledger's HTTP API is at this port of the
  /// same host.
  public void tellLedger(int port) {
    documents.tellLedger(port);
  }

  /// Who is connected now.
  Set<Connection> connections() {
    return Collections.unmodifiableSet(connections);
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
    crier.close();
    housekeeping.close();
    rounds.close();
    server.stop();
    backlog.close();
    audit.record(AuditEvent.serverStop(name));
    audit.close();
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
