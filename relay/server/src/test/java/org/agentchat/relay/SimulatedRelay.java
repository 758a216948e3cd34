package org.agentchat.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.agentchat.ledger.Applied;
import org.agentchat.ledger.Dispute;
import org.agentchat.ledger.EntryReader;
import org.agentchat.ledger.Ledger;
import org.agentchat.ledger.VerifiedEvents;
import org.agentchat.log.LogRecord;
import org.agentchat.relay.RelayModel.Setup;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.identity.Ed25519Verifier;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.message.AdminKey;
import tools.jackson.databind.JsonNode;

/// The relay of a simulation with its log, its files and its clock, and the same log folded a
/// second time. No rate limits it, and nothing happens after a while of itself, but deadlines of
/// the log.
final class SimulatedRelay implements AutoCloseable {
  static final String ORIGIN = "test.example/log";

  private static final long START = 1_790_000_000_000L;
  private static final Duration FOR_EVER = Duration.ofDays(3_650);
  private static final int MAX_READ = 1_000;

  /// Deals that are so old, and ten days more, speak against no judge.
  private static final int SEASONED_DAYS = 21;

  /// The log's clock may be so far behind before the relay brings it up.
  private static final long IDLE_MILLIS = Ledger.MAX_ADVANCE / 2;

  private final Setup setup;
  private final AgentKey admin;
  private final Path home;
  private final AtomicLong clock = new AtomicLong(START);
  private final MemoryLog log = new MemoryLog();
  private final EntryReader reader = new EntryReader(new Ed25519Verifier(), new VerifiedEvents());
  private final Ledger fold = new Ledger();

  /// Every connection that there ever was and that anybody still holds.
  private final Set<Connection> connections = Collections.newSetFromMap(new WeakHashMap<>());

  private Relay relay;

  /// @param admin the key of the setup's admin
  /// @param secret what the nonces of its cases follow from, 32 bytes
  /// @param judges who made deals with each other long ago
  /// @param home where files are kept, over restarts too
  SimulatedRelay(Setup setup, AgentKey admin, byte[] secret, List<Identity> judges, Path home)
      throws IOException, InterruptedException {
    this.setup = setup;
    this.admin = admin;
    this.home = home;
    // The draws of panels follow from it.
    Files.write(home.resolve("relay-secret"), secret);
    SeasonedLog.fill(log, ORIGIN, START - Duration.ofDays(SEASONED_DAYS).toMillis(), judges);
    start();
    comeToRest();
    refold();
  }

  /// Starts it again, after [#close].
  void start() throws IOException, InterruptedException {
    relay =
        Relay.start(
            RelaySettings.of("127.0.0.1", 0, "test-relay", ORIGIN)
                .with(limits())
                .with(chat())
                .with(access())
                .keptIn(home),
            log,
            new VerifiedEvents(),
            clock::get);
  }

  private static RelayLimits limits() {
    RelayLimits.Waits waits =
        new RelayLimits.Waits(
            FOR_EVER, FOR_EVER, Duration.ofSeconds(30), FOR_EVER, Duration.ofSeconds(60));
    return RelayLimits.defaults().unmetered().withReplay(4_000).with(waits);
  }

  private ChatRules chat() {
    Duration gate = setup.gated() ? RelayModel.DM_GATE : Duration.ZERO;
    return ChatRules.defaults()
        .with(new ChatRules.ChannelRules(false, false, true, 1_000, 10, FOR_EVER, 256))
        .with(new ChatRules.SignalRules(1e6, 1_000_000, Duration.ofSeconds(30)))
        .with(new ChatRules.DirectRules(true, gate, Duration.ofMillis(1), 1_000_000))
        .with(new ChatRules.IdleRules(false, FOR_EVER));
  }

  private AccessRules access() {
    AccessRules.Admins admins =
        new AccessRules.Admins(
            Optional.of(AdminKey.of(RelayModel.MODERATION)),
            Optional.of(AdminKey.of(RelayModel.OPERATION)),
            Set.of(),
            Set.of(admin));
    AccessRules.Network network =
        new AccessRules.Network(Set.of(InetAddress.ofLiteral("127.0.0.1")), Set.of());
    AccessRules rules =
        AccessRules.defaults()
            .in(home)
            .with(setup.mode())
            .with(admins)
            .withGenesis(setup.genesis())
            .with(network)
            .with(AccessRules.AuditFile.at(audit()));
    AccessRules lurking = setup.lurk() ? rules.withLurk(RelayModel.LURK) : rules;
    return setup.captcha() ? lurking.with(captcha()) : lurking;
  }

  private CaptchaRules captcha() {
    return new CaptchaRules(
        FOR_EVER,
        1,
        CaptchaRules.Difficulty.EASY,
        true,
        setup.shadows() ? CaptchaRules.FailAction.SHADOW_LURK : CaptchaRules.FailAction.DISCONNECT);
  }

  private Path audit() {
    return home.resolve("audit.jsonl");
  }

  String url() {
    return relay.url();
  }

  MemoryLog log() {
    return log;
  }

  EntryReader reader() {
    return reader;
  }

  /// The second fold.
  Ledger fold() {
    return fold;
  }

  long now() {
    return clock.get();
  }

  void skip(Duration time) {
    clock.addAndGet(time.toMillis());
  }

  /// A connection from that address.
  Peer connect(String address) {
    return new Peer(relay.url(), "X-Forwarded-For", address);
  }

  /// Looks whether those connections are known, so that it is noticed when they stay.
  int countConnections() {
    connections.addAll(relay.connections());
    return relay.connections().size();
  }

  /// Everybody in the directory.
  List<AgentId> online() {
    return relay.ground().directory().all().stream()
        .flatMap(connection -> connection.agent().stream())
        .map(Agent::id)
        .sorted()
        .toList();
  }

  List<Channel> channels() {
    return List.copyOf(relay.ground().channels().all());
  }

  /// Waits for what threads do that nobody can wait for.
  void until(String what, BooleanSupplier condition) {
    Instant deadline = Instant.now().plus(Peer.PATIENCE);
    while (!condition.getAsBoolean()) {
      if (Instant.now().isAfter(deadline)) {
        throw new AssertionError("it never came that " + what + "; online " + online());
      }
      LockSupport.parkNanos(200_000);
    }
  }

  /// Waits until nothing more comes of what was done, however slow the machine: every deadline that
  /// has passed has its tick, every case that waits for the relay has its nonce, and the relay has
  /// told everybody of all that the log holds.
  void comeToRest() {
    until("the relay is at rest", () -> log.isFollowed() && relay.ledger().read(this::isAtRest));
  }

  private boolean isAtRest(Ledger ledger) {
    long now = clock.get();
    return ledger.size() >= log.size()
        && now - ledger.clock() <= IDLE_MILLIS
        && ledger.nextDeadline().stream().allMatch(deadline -> deadline > now)
        && ledger.disputes().stream().noneMatch(c -> c.phase() == Dispute.Phase.REVEALED);
  }

  /// Waits until the relay has read all that the log has, and folds what is new.
  List<Applied> refold() {
    until("the relay has read the log", () -> relay.size() >= log.size());
    List<Applied> news = new ArrayList<>();
    for (LogRecord record : log.read(fold.size(), MAX_READ)) {
      news.add(fold.apply(reader.read(record.index(), record.value())));
    }
    return news;
  }

  /// Both folds are the same. A deadline may move the relay's on at any time.
  ///
  /// @return what was new
  List<Applied> assertSameFold() {
    List<Applied> news = new ArrayList<>();
    String theirs;
    do {
      news.addAll(refold());
      theirs = relay.ledger().read(SimulatedRelay::state);
    } while (!theirs.startsWith(fold.size() + " "));
    assertThat(theirs).isEqualTo(state(fold));
    return news;
  }

  private static String state(Ledger ledger) {
    return ledger.size() + " " + ledger.stateHash();
  }

  /// Every act of an admin and every turning away of somebody banned is in the audit log once, in
  /// order, and nothing that anybody said. To be asked when the relay is closed.
  ///
  /// @param wanted lines of [RelayModel#audit]
  void assertAudited(List<String> wanted, String... secrets) throws IOException {
    String text = Files.readString(audit());
    assertThat(text).doesNotContain(secrets);
    assertThat(text.lines().map(Json::parse).filter(SimulatedRelay::isOfInterest))
        .extracting(SimulatedRelay::audited)
        .containsExactlyElementsOf(wanted);
  }

  private static boolean isOfInterest(JsonNode line) {
    String event = line.path("event").stringValue();
    return event.startsWith("admin_") || event.equals("ban_enforced");
  }

  private static String audited(JsonNode line) {
    String agent = line.path("agent").asString("");
    String shown = agent.isEmpty() || AgentId.of(agent).isPersistent() ? agent : Words.GUEST;
    if (line.path("event").stringValue().equals("ban_enforced")) {
      return Words.of("ban_enforced", shown, line.path("ban").stringValue());
    }
    List<String> names = new ArrayList<>();
    line.path("names").forEach(name -> names.add(name.stringValue()));
    return RelayModel.audited(
        line.path("event").stringValue(),
        shown,
        line.path("by").stringValue(),
        line.path("target").asString(""),
        names.isEmpty() ? "" : names,
        line.path("result").stringValue());
  }

  /// The relay keeps nothing of those who have left.
  void assertNobodyHeld() {
    until(
        "no connection is held that has ended",
        () -> {
          System.gc();
          return connections.isEmpty();
        });
  }

  @Override
  public void close() {
    relay.close();
  }
}
