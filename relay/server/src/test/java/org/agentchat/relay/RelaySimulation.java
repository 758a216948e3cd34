package org.agentchat.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.WeakHashMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.agentchat.ledger.Applied;
import org.agentchat.ledger.Effect;
import org.agentchat.ledger.Entry;
import org.agentchat.ledger.EntryReader;
import org.agentchat.ledger.Ledger;
import org.agentchat.ledger.Proposal;
import org.agentchat.ledger.VerifiedEvents;
import org.agentchat.log.LogRecord;
import org.agentchat.relay.AccessRules.Allowlisting;
import org.agentchat.relay.RelayModel.AdminFrame;
import org.agentchat.relay.RelayModel.Setup;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.event.EventCodec;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.identity.Ed25519Verifier;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.identity.Sha256;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.json.JsonText;
import org.agentchat.schemas.message.AdminKey;
import org.agentchat.schemas.message.ClientMessageCodec;
import org.agentchat.schemas.statement.CourtStatement;
import org.agentchat.schemas.statement.KeyStatement;
import org.agentchat.schemas.statement.RegisterSkills;
import org.agentchat.schemas.statement.Scheme;
import org.agentchat.schemas.statement.SignedStatement;
import org.agentchat.schemas.statement.Statement;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A relay on real sockets and everybody who talks to it, one after the other: agents with and
/// without keys, new, former and revoked ones, admins and those who would like to be, another relay
/// of the same log, and an operator who restarts it. What each of them hears is compared with a
/// [RelayModel] after every act.
///
/// The same seed does the same things. The relay's clock stands unless an act turns it.
final class RelaySimulation implements AutoCloseable {
  private static final String ORIGIN = "test.example/log";
  private static final long START = 1_790_000_000_000L;
  private static final Duration FOR_EVER = Duration.ofDays(3_650);
  private static final int PEOPLE = 9;
  private static final int PLACES = 4;
  private static final int MAX_SEATS = 14;
  private static final int COMPANY = 6;
  private static final int REMEMBERED = 12;
  private static final Duration LOOK = Duration.ofMillis(20);

  /// In everything that an audit log must not hold.
  private static final String CONFIDENTIAL = "confidential";

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final Random random;
  private final Path home;
  private final Setup setup;
  private final AtomicLong clock = new AtomicLong(START);
  private final MemoryLog log = new MemoryLog();
  private final EntryReader reader = new EntryReader(new Ed25519Verifier(), new VerifiedEvents());
  private final Ledger fold = new Ledger();
  private final RelayModel model;
  private final List<Identity> identities = new ArrayList<>();
  private final List<Proposal> deals = new ArrayList<>();
  private final Map<String, Proposal> everyDeal = new HashMap<>();

  /// Signatures of the statements that were applied in the last act.
  private final Set<String> applied = new HashSet<>();

  /// What the fold gave that nobody was asked about yet.
  private final List<Applied> news = new ArrayList<>();

  private final Set<String> seen = new TreeSet<>();
  private final Map<Seat, Set<String>> indexes = new HashMap<>();
  private final List<Peer> peers = new ArrayList<>();

  /// Every connection that the relay ever had and that anybody still holds.
  private final Set<Connection> connections = Collections.newSetFromMap(new WeakHashMap<>());

  /// Always in #general and never acts, so that nothing that is said there goes unheard.
  private final Identity listener = TestRelay.identity("ear", 77);

  private Seat ear;
  private Relay relay;
  private long said;
  private String act = "nothing yet";

  RelaySimulation(long seed, Path home) throws IOException, InterruptedException {
    this.random = new Random(seed);
    this.home = home;
    for (int i = 0; i < PEOPLE; i++) {
      fresh();
    }
    Allowlisting[] modes = Allowlisting.values();
    this.setup =
        new Setup(
            modes[(int) Math.floorMod(seed, (long) modes.length)],
            Math.floorMod(seed, 4L) == 3,
            random.nextBoolean(),
            Math.floorMod(seed, 5L) == 4,
            random.nextInt(3) == 0,
            identities.get(0).id(),
            identities.get(1).id());
    this.model = new RelayModel(setup, clock::get, fold);
    start();
    if (setup.mode() == Allowlisting.STRICT) {
      letSomebodyIn();
    }
    listen();
  }

  private Identity fresh() {
    byte[] seed = new byte[32];
    random.nextBytes(seed);
    Identity fresh = Identity.ofSeed("p" + identities.size(), seed, Instant.EPOCH);
    identities.add(fresh);
    return fresh;
  }

  private void start() throws IOException, InterruptedException {
    RelayLimits limits =
        RelayLimits.defaults()
            .unmetered()
            .withReplay(4_000)
            .with(
                new RelayLimits.Waits(
                    FOR_EVER, FOR_EVER, Duration.ofSeconds(30), FOR_EVER, Duration.ofSeconds(60)));
    ChatRules.ChannelRules channels =
        new ChatRules.ChannelRules(false, false, true, 1_000, 10, FOR_EVER, 256);
    ChatRules chat =
        ChatRules.defaults()
            .with(channels)
            .with(new ChatRules.SignalRules(1e6, 1_000_000, Duration.ofSeconds(30)))
            .with(
                new ChatRules.DirectRules(
                    true,
                    setup.gated() ? RelayModel.DM_GATE : Duration.ZERO,
                    Duration.ofMillis(1),
                    1_000_000))
            .with(new ChatRules.IdleRules(false, FOR_EVER));
    relay =
        Relay.start(
            RelaySettings.of("127.0.0.1", 0, "test-relay", ORIGIN)
                .with(limits)
                .with(chat)
                .with(access())
                .keptIn(home),
            log,
            new VerifiedEvents(),
            clock::get);
    refold();
  }

  private AccessRules access() throws IOException {
    AccessRules.Admins admins =
        new AccessRules.Admins(
            Optional.of(AdminKey.of(RelayModel.MODERATION)),
            Optional.of(AdminKey.of(RelayModel.OPERATION)),
            Set.of(),
            Set.of(identities.get(0).key()));
    AccessRules rules =
        AccessRules.defaults()
            .in(home)
            .with(setup.mode())
            .with(admins)
            .withGenesis(setup.genesis())
            .with(
                new AccessRules.Network(
                    Set.of(java.net.InetAddress.ofLiteral("127.0.0.1")), Set.of()))
            .with(AccessRules.AuditFile.at(home.resolve("audit.jsonl")));
    if (setup.lurk()) {
      rules = rules.withLurk(RelayModel.LURK);
    }
    if (setup.captcha()) {
      rules =
          rules.with(
              new CaptchaRules(
                  FOR_EVER,
                  1,
                  CaptchaRules.Difficulty.EASY,
                  true,
                  setup.shadows()
                      ? CaptchaRules.FailAction.SHADOW_LURK
                      : CaptchaRules.FailAction.DISCONNECT));
    }
    return rules;
  }

  /// Otherwise nobody would get into a strict relay for a long time.
  private void letSomebodyIn() {
    Seat admin = connect();
    List<Identity> some = new ArrayList<>(identities.subList(0, PEOPLE - 3));
    some.add(listener);
    for (Identity person : some) {
      approve(new AdminFrame(admin, "approve", RelayModel.MODERATION, person.id()), person);
    }
  }

  private void listen() {
    ear = connect();
    identify(ear, listener);
    prove(ear, true);
    if (ear.stage == Seat.Stage.ASKED) {
      answer(ear, true);
    }
    say(ear, "JOIN", "#general", e -> model.join(e, ear, "#general"));
  }

  /// What has happened in this world so far, by name.
  Set<String> seen() {
    seen.addAll(model.turns());
    return seen;
  }

  /// What is done next, by whoever does it.
  void step() throws IOException, InterruptedException {
    int choice = random.nextInt(1_000);
    if (choice < 3) {
      restart();
    } else if (choice < 150 || isLonely()) {
      comeIn();
    } else if (choice < 215) {
      goOn(anySeat());
    } else if (choice < 230) {
      leave(anySeat());
    } else if (choice < 620) {
      chat(choice);
    } else if (choice < 780) {
      admin();
    } else if (choice < 930) {
      state();
    } else if (choice < 960) {
      elsewhere();
    } else if (choice < 980) {
      requestConnections(address());
    } else {
      letTimePass();
    }
    assertSame();
  }

  /// Whether it is time for company: a few agents meet more than one.
  private boolean isLonely() {
    long here = others().stream().filter(Seat::isIn).count();
    return here == 0 || (here < COMPANY && chance(3));
  }

  // Chance.

  private List<Seat> others() {
    return model.seats().stream().filter(seat -> seat != ear).toList();
  }

  private Seat anySeat() {
    List<Seat> seats = others();
    // Those who are in do more.
    List<Seat> in = seats.stream().filter(Seat::isIn).toList();
    return in.isEmpty() || chance(8) ? any(seats) : any(in);
  }

  private String address() {
    return "10.1.2." + (1 + random.nextInt(PLACES));
  }

  private <T> T any(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  private boolean chance(int times) {
    return random.nextInt(times) == 0;
  }

  private String channel(Seat seat) {
    if (chance(25)) {
      return "#nowhere";
    }
    return seat.channels.isEmpty() || chance(3)
        ? any(model.channels())
        : any(List.copyOf(seat.channels));
  }

  private String text() {
    return CONFIDENTIAL + " " + random.nextInt(1_000_000);
  }

  private Identity anybody() {
    return any(identities);
  }

  /// Mostly somebody who waits for it.
  private Identity somebodyToApprove() {
    List<Identity> waiting = identities.stream().filter(model::isWaiting).toList();
    return waiting.isEmpty() || chance(4) ? anybody() : any(waiting);
  }

  /// Mostly somebody whose key is good.
  private Identity somebodyWelcome() {
    List<Identity> welcome = identities.stream().filter(model::isWelcome).toList();
    return welcome.isEmpty() || chance(4) ? anybody() : any(welcome);
  }

  /// Somebody's name: of who is here, of a key, or of nobody.
  private AgentId anyone() {
    List<AgentId> here = others().stream().flatMap(seat -> nameOf(seat).stream()).toList();
    if (chance(20)) {
      return new AgentId("nobody" + random.nextInt(3));
    }
    return here.isEmpty() || chance(4) ? anybody().id() : any(here);
  }

  /// Its name, also while it is on its way in.
  private static Optional<AgentId> nameOf(Seat seat) {
    return seat.isIn()
        ? Optional.of(seat.id())
        : Optional.ofNullable(seat.identity).map(Identity::id);
  }

  // Coming and going.

  private Seat connect() {
    String address = address();
    Peer peer = new Peer(relay.url(), "X-Forwarded-For", address);
    peers.add(peer);
    Seat seat = new Seat(peer, address, clock.get());
    model.connected(seat);
    // A handshake is answered before the connection counts.
    act("connect " + address, _ -> {}, () -> {});
    connections.addAll(relay.connections());
    return seat;
  }

  private void comeIn() {
    if (others().size() >= MAX_SEATS) {
      leave(any(others()));
      return;
    }
    Seat seat = connect();
    for (int i = 0; i < 3 && seat.stage != Seat.Stage.CLOSED && !seat.isIn(); i++) {
      if (chance(seat.stage == Seat.Stage.STRANGER ? 20 : 8)) {
        return;
      }
      if (seat.stage != Seat.Stage.STRANGER && seat.identity != null && chance(8)) {
        decideAbout(seat.identity.id());
      }
      goOn(seat);
    }
  }

  /// An admin is faster than somebody on the way in.
  private void decideAbout(AgentId agent) {
    if (chance(2)) {
      AdminFrame frame = new AdminFrame(anySeat(), "revoke", RelayModel.MODERATION, agent);
      act(frame, model::revoke, named(agent));
    } else {
      AdminFrame frame = new AdminFrame(anySeat(), "ban", RelayModel.MODERATION, agent);
      act(frame, (e, ban) -> model.ban(e, ban, ""), named(agent));
    }
  }

  /// Says who it is, or proves it, or answers what it was asked.
  private void goOn(Seat seat) {
    switch (seat.stage) {
      case STRANGER -> {
        if (chance(20)) {
          prove(seat, true);
        } else if (chance(20)) {
          answer(seat, true);
        } else {
          identify(seat, chance(5) ? null : somebodyWelcome());
        }
      }
      case CHALLENGED -> {
        if (chance(20)) {
          identify(seat, anybody());
        } else {
          prove(seat, !chance(12));
        }
      }
      case ASKED -> answer(seat, !chance(4));
      case IN -> {
        if (chance(2)) {
          identify(seat, anybody());
        } else {
          prove(seat, true);
        }
      }
      case CLOSED -> throw new IllegalStateException("who is gone says nothing");
    }
  }

  private void identify(Seat seat, @Nullable Identity identity) {
    String name = identity == null ? "guest" : identity.name();
    act(
        "identify " + name,
        e -> model.identify(e, seat, name, identity),
        () ->
            seat.peer.send(
                identity == null
                    ? "{\"type\":\"IDENTIFY\",\"name\":\"guest\"}"
                    : TestRelay.identify(identity)));
    if (seat.stage == Seat.Stage.CHALLENGED && seat.asked == null) {
      seat.asked = last(seat, "CHALLENGE");
    } else {
      learn(seat);
    }
  }

  /// What the relay made up.
  private void learn(Seat seat) {
    if (seat.stage == Seat.Stage.ASKED && seat.asked == null) {
      seat.asked = last(seat, "CAPTCHA_CHALLENGE");
    } else if (seat.isIn() && seat.id == null) {
      seat.id = AgentId.of(last(seat, "WELCOME").path("agent_id").stringValue());
    }
  }

  private static JsonNode last(Seat seat, String type) {
    return seat.heard.stream().filter(f -> Words.type(f).equals(type)).toList().getLast();
  }

  private void prove(Seat seat, boolean right) {
    Identity identity = seat.identity;
    if (identity != null && !model.mayTakeOver(identity.id())) {
      clock.addAndGet(Duration.ofMinutes(6).toMillis());
    }
    boolean ready = seat.stage == Seat.Stage.CHALLENGED;
    JsonNode challenge =
        ready
            ? seat.asked
            : Json.parse("{\"challenge_id\":\"chal_unknown\",\"nonce\":\"0123456789abcdef\"}");
    Identity signer = right && identity != null ? identity : fake();
    act(
        "prove " + seat.name + (right ? "" : " wrongly"),
        e -> model.prove(e, seat, right),
        () -> seat.peer.prove(challenge, signer));
    learn(seat);
  }

  private static Identity fake() {
    return TestRelay.identity("fake", 99);
  }

  private void answer(Seat seat, boolean right) {
    JsonNode asked =
        seat.stage == Seat.Stage.ASKED
            ? seat.asked
            : Json.parse("{\"captcha_id\":\"captcha_unknown\",\"question\":\"\"}");
    String text = right && seat.stage == Seat.Stage.ASKED ? solution(asked) : "certainly wrong";
    act(
        "answer " + seat.name + (right ? "" : " wrongly"),
        e -> model.answer(e, seat, right),
        () -> CaptchaTest.answer(seat.peer, asked, text));
    learn(seat);
  }

  private static String solution(JsonNode asked) {
    return CaptchaTest.solve(asked.path("question").stringValue());
  }

  private void leave(Seat seat) {
    act(
        "leave " + seat,
        e -> model.left(e, seat),
        () -> {
          seat.peer.socket().sendClose(java.net.http.WebSocket.NORMAL_CLOSURE, "").join();
          until("the socket is closed", () -> seat.peer.closeCode() >= 0);
        });
  }

  // Chat.

  private void chat(int choice) {
    Seat seat = anySeat();
    String channel = channel(seat);
    if (choice < 330) {
      String wanted = chance(20) ? channel : any(model.channels());
      say(seat, "JOIN", wanted, e -> model.join(e, seat, wanted));
    } else if (choice < 360) {
      say(seat, "LEAVE", channel, e -> model.leaveChannel(e, seat, channel));
    } else if (choice < 385) {
      create(seat);
    } else if (choice < 410) {
      AgentId guest = anyone();
      String frame =
          "{\"type\":\"INVITE\",\"channel\":\"%s\",\"agent\":\"%s\"}".formatted(channel, guest);
      act("invite", e -> model.invite(e, seat, channel, guest), () -> seat.peer.send(frame));
    } else if (choice < 500) {
      message(seat, channel);
    } else if (choice < 530) {
      direct(seat);
    } else if (choice < 550) {
      say(seat, "TYPING", channel, e -> model.typing(e, seat, channel));
    } else if (choice < 575) {
      claim(seat, channel);
      claim(any(model.members(channel, seat)), channel);
    } else if (choice < 590) {
      String status = any(List.of("away", "busy", "online"));
      act(
          "presence",
          e -> model.presence(e, seat, status),
          () -> seat.peer.send("{\"type\":\"SET_PRESENCE\",\"status\":\"" + status + "\"}"));
    } else if (choice < 605) {
      String nick = chance(6) ? "admin" : "nick" + random.nextInt(100);
      act(
          "nick",
          e -> model.nick(e, seat, nick),
          () -> seat.peer.send("{\"type\":\"SET_NICK\",\"nick\":\"" + nick + "\"}"));
    } else {
      say(seat, "LIST_AGENTS", channel, e -> model.list(e, seat, channel));
    }
  }

  private void say(Seat seat, String type, String channel, Consumer<Expected> expected) {
    // With a name, so that also LEAVE of an unknown channel is answered.
    String frame =
        "{\"type\":\"%s\",\"channel\":\"%s\",\"client_msg_id\":\"%s\"}"
            .formatted(type, channel, "say-" + said++);
    act(type + " " + channel + " by " + seat, expected, () -> seat.peer.send(frame));
  }

  private void create(Seat seat) {
    String channel = "#room" + random.nextInt(40);
    boolean inviteOnly = chance(2);
    boolean verifiedOnly = chance(3);
    String frame =
        "{\"type\":\"CREATE_CHANNEL\",\"channel\":\"%s\",\"invite_only\":%s,\"verified_only\":%s}"
            .formatted(channel, inviteOnly, verifiedOnly);
    act(
        "create " + channel,
        e -> model.create(e, seat, channel, inviteOnly, verifiedOnly),
        () -> seat.peer.send(frame));
  }

  private void message(Seat seat, String channel) {
    String content = text();
    act(
        "message to " + channel + " by " + seat,
        e -> model.message(e, seat, channel, content),
        () -> ChatHarness.say(seat.peer, channel, content));
  }

  private void direct(Seat seat) {
    AgentId to = anyone();
    String content = text();
    if (chance(2)) {
      act(
          "direct to " + to,
          e -> model.direct(e, seat, to, content),
          () -> ChatHarness.say(seat.peer, to.toString(), content));
    } else {
      String frame =
          "{\"type\":\"FILE_CHUNK\",\"to\":\"%s\",\"content\":\"%s\"}".formatted(to, content);
      act("chunk to " + to, e -> model.chunk(e, seat, to, content), () -> seat.peer.send(frame));
    }
  }

  private void claim(Seat seat, String channel) {
    String message = "message-" + random.nextInt(2);
    long startedAt = clock.get() - random.nextInt(40_000);
    String frame =
        "{\"type\":\"RESPONDING_TO\",\"msg_id\":\"%s\",\"channel\":\"%s\",\"started_at\":%d}"
            .formatted(message, channel, startedAt);
    act(
        "claim " + message,
        e -> model.claim(e, seat, channel, message, startedAt),
        () -> seat.peer.send(frame));
  }

  // Admins.

  private void admin() {
    Seat by = byAdmin();
    int choice = random.nextInt(16);
    String key = adminKey(choice > 12);
    AgentId target = anyone();
    switch (choice) {
      case 15 -> guess(by);
      case 0, 1, 2 -> {
        Identity person = somebodyToApprove();
        approve(new AdminFrame(by, "approve", key, person.id()), person);
      }
      case 3 -> act(new AdminFrame(by, "revoke", key, target), model::revoke, named(target));
      case 4 -> act(new AdminFrame(by, "list", key, null), model::listApproved, "");
      case 5, 6 -> {
        String reason = reason();
        act(
            new AdminFrame(by, "kick", key, target),
            (e, frame) -> model.kick(e, frame, reason),
            named(target) + ",\"reason\":\"" + reason + "\"");
      }
      case 7, 8, 9 -> {
        String reason = reason();
        act(
            new AdminFrame(by, "ban", key, target),
            (e, frame) -> model.ban(e, frame, reason),
            named(target) + ",\"reason\":\"" + reason + "\"");
      }
      case 10, 11, 12 -> {
        List<AgentId> banned = model.banned();
        AgentId lifted = banned.isEmpty() || chance(3) ? target : any(model.names(any(banned)));
        act(new AdminFrame(by, "unban", key, lifted), model::unban, named(lifted));
      }
      case 13 -> motd(by, key);
      default -> {
        boolean verified = !chance(3);
        act(
            new AdminFrame(by, "verify", key, target),
            (e, frame) -> model.vouch(e, frame, verified),
            named(target) + ",\"verified\":" + verified);
      }
    }
  }

  /// Tries keys until none is looked at any more.
  private void guess(Seat by) {
    for (int i = 0; i < 5; i++) {
      act(new AdminFrame(by, "list", "wrong-" + i, null), model::listApproved, "");
    }
    requestConnections(by.address);
  }

  private Seat byAdmin() {
    Optional<Seat> admin = model.online(setup.admin());
    return admin.isPresent() && chance(2) ? admin.get() : anySeat();
  }

  private @Nullable String adminKey(boolean operation) {
    return switch (random.nextInt(20)) {
      case 0, 1 -> "wrong-" + random.nextInt(1_000);
      case 2, 3 -> null;
      case 4 -> operation ? RelayModel.MODERATION : RelayModel.OPERATION;
      default -> operation ? RelayModel.OPERATION : RelayModel.MODERATION;
    };
  }

  private String reason() {
    return chance(3) ? "" : text();
  }

  private static String named(AgentId agent) {
    return ",\"agent_id\":\"" + agent + "\"";
  }

  private void approve(AdminFrame frame, Identity person) {
    act(
        frame,
        model::approve,
        ",\"pubkey\":%s,\"note\":\"%s\"".formatted(Json.text(person.key().pem()), text()));
  }

  private void motd(Seat by, @Nullable String key) {
    String text = chance(4) ? null : text();
    // Who is sent away with everybody else says so in #general, where the admin must hear it.
    boolean kick = chance(2) && model.isIn("#general", by);
    act(
        new AdminFrame(by, "motd", key, null),
        (e, frame) -> model.motd(e, frame, text, kick),
        ",\"motd\":%s,\"kick\":%s".formatted(text == null ? "null" : Json.text(text), kick));
    if (!ear.isIn()) {
      see("everybody kicked");
      listen();
    }
  }

  private interface AdminAct {
    void expect(Expected e, AdminFrame frame);
  }

  private void act(AdminFrame frame, AdminAct expected, String fields) {
    String type = "ADMIN_" + frame.action().toUpperCase(java.util.Locale.ROOT);
    String key = frame.key() == null ? "" : ",\"admin_key\":\"" + frame.key() + "\"";
    int before = model.audit().size();
    act(
        type + " of " + frame.target() + " by " + frame.by() + " with " + frame.key(),
        e -> expected.expect(e, frame),
        () -> frame.by().peer.send("{\"type\":\"" + type + "\"" + key + fields + "}"));
    model.audit().stream()
        .skip(before)
        .forEach(line -> see(frame.action() + line.substring(line.lastIndexOf('|') + 1)));
  }

  private void requestConnections(String address) {
    String key = adminKey(true);
    act = "GET /api/connections from " + address + " with " + key;
    int wanted = model.connections(address, key);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create(relay.url().replaceFirst("^ws", "http")).resolve("/api/connections"))
            .header("X-Forwarded-For", address);
    if (key != null) {
      request.header("X-Admin-Key", key);
    }
    HttpResponse<String> answer =
        HTTP.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString()).join();
    assertThat(answer.statusCode()).as(act).isEqualTo(wanted);
    if (wanted == 200) {
      assertThat(Json.parse(answer.body()).path("count").intValue())
          .isEqualTo((int) model.seats().stream().filter(Seat::isIn).count());
    }
    see("connections " + wanted);
  }

  // The market.

  private void state() {
    Optional<Proposal> deal =
        deals.isEmpty() || chance(3) ? Optional.empty() : Optional.of(any(deals));
    Seat seat = deal.flatMap(this::party).orElseGet(this::anySeat);
    Identity signer = seat.identity == null ? fake() : seat.identity;
    Statement statement =
        deal.map(known -> aboutDeal(known.id())).orElseGet(() -> statement(signer));
    boolean right = !chance(10);
    SignedStatement signed = signed(right ? signer : fake(), statement);
    boolean gated = !(statement instanceof CourtStatement || statement instanceof KeyStatement);
    Optional<String> refusal = model.refusal(seat, gated, right);
    long before = log.size();
    act(
        statement.type() + " by " + seat,
        e -> refusal.ifPresent(code -> e.hears(seat, Words.error(code))),
        () -> {
          seat.peer.send(Json.text(frame(signed, signer)));
          if (refusal.isEmpty()) {
            assertAnswered(seat, signed);
          }
        });
    assertSaidBy(before, refusal.isEmpty() ? signer.key() : null);
    see(
        refusal.orElse(applied.contains(signed.signature().base64()) ? "applied" : "refused")
            + " "
            + statement.type());
  }

  /// One of the two sides, if it is here.
  private Optional<Seat> party(Proposal deal) {
    boolean open =
        fold.proposal(deal.id()).filter(d -> d.status() == Proposal.Status.PENDING).isPresent();
    AgentId side = chance(open ? 6 : 2) ? deal.from() : deal.to();
    return model.names(side).stream().flatMap(name -> model.online(name).stream()).findFirst();
  }

  /// Says that it is the signer's, whoever signed it.
  private static JsonNode frame(SignedStatement signed, Identity signer) {
    SignedStatement claimed =
        new SignedStatement(signed.statement(), signed.scheme(), signer.key(), signed.signature());
    return ClientMessageCodec.encode(claimed);
  }

  private SignedStatement signed(Identity signer, Statement statement) {
    boolean bound = statement instanceof KeyStatement || chance(2);
    Scheme scheme =
        bound
            ? new Scheme.Bound(ORIGIN, clock.get(), "%016x".formatted(random.nextLong()))
            : new Scheme.Joined();
    return SignedStatement.sign(signer, scheme, statement);
  }

  private Statement statement(Identity signer) {
    return switch (random.nextInt(12)) {
      case 0, 1 ->
          new RegisterSkills(
              new JsonText("[{\"capability\":\"skill-" + random.nextInt(3) + "\"}]"));
      case 2 -> KeyStatement.RotateKey.of(signer, successor(), ORIGIN);
      case 3 -> chance(2) ? new KeyStatement.RevokeKey(text()) : offer();
      default -> offer();
    };
  }

  private Statement offer() {
    return new Statement.Proposal(
        anyone(), text(), null, null, null, null, null, chance(3) ? 10 : null, null);
  }

  private Statement aboutDeal(String id) {
    boolean open = fold.proposal(id).filter(d -> d.status() == Proposal.Status.PENDING).isPresent();
    return switch (random.nextInt(8) + (open ? 0 : 3)) {
      case 0, 1, 2, 3 -> new Statement.Accept(id, null, null);
      case 4 -> new Statement.Reject(id, text());
      case 5, 6, 7 -> new Statement.Complete(id, null);
      case 8 -> new Statement.Dispute(id, text());
      default -> new CourtStatement.DisputeIntent(id, text(), Sha256.hex(text()));
    };
  }

  /// Mostly a key that nobody has used; at times one whose owner is here already as somebody else.
  private Identity successor() {
    List<Identity> newcomers =
        others().stream()
            .filter(Seat::isIn)
            .flatMap(seat -> Optional.ofNullable(seat.identity).stream())
            .filter(identity -> fold.account(identity.id()).isEmpty())
            .toList();
    if (!newcomers.isEmpty() && chance(2)) {
      return any(newcomers);
    }
    return chance(5) ? anybody() : fresh();
  }

  /// The relay's answer and the log say the same.
  private void assertAnswered(Seat seat, SignedStatement signed) {
    String signature = signed.signature().base64();
    collect(seat);
    refold();
    boolean refused = seat.heard.stream().anyMatch(f -> Words.type(f).equals("ERROR"));
    assertThat(refused).as("%s: %s", act, seat.heard).isEqualTo(!applied.contains(signature));
    seat.heard.removeIf(f -> Words.type(f).equals("ERROR"));
  }

  /// Only who was let through has said anything that the log has.
  private void assertSaidBy(long from, @Nullable AgentKey speaker) {
    for (LogRecord record : log.read(from, 1_000)) {
      if (reader.read(record.index(), record.value()).content()
          instanceof Entry.Content.Sound(Event.Stated stated)) {
        assertThat(stated.signed().key()).as(act).isEqualTo(speaker);
      }
    }
  }

  /// Another relay of the log, which bans nobody, records somebody's new key.
  private void elsewhere() {
    Identity old = chance(2) ? anybody() : somebodyBanned();
    Statement statement =
        chance(10)
            ? new KeyStatement.RevokeKey(text())
            : KeyStatement.RotateKey.of(old, successor(), ORIGIN);
    Event event = new Event.Stated(clock.get(), "other-relay", signed(old, statement), null);
    act(
        statement.type() + " of " + old.name() + " elsewhere",
        _ -> {},
        () -> {
          log.append(EventCodec.encode(event)).join();
          refold();
        });
  }

  private Identity somebodyBanned() {
    List<AgentId> names = model.banned().stream().flatMap(b -> model.names(b).stream()).toList();
    List<Identity> banned =
        identities.stream().filter(identity -> names.contains(identity.id())).toList();
    return banned.isEmpty() ? anybody() : any(banned);
  }

  /// Folds what the log has now once more, and waits until the relay has done so.
  private void refold() {
    until("the relay has read the log", () -> relay.size() >= log.size());
    for (LogRecord record : log.read(fold.size(), 1_000)) {
      Applied each = fold.apply(reader.read(record.index(), record.value()));
      news.add(each);
      if (each.refusal().isEmpty()
          && each.entry().content() instanceof Entry.Content.Sound(Event.Stated stated)) {
        applied.add(stated.signed().signature().base64());
      }
    }
  }

  private void expectNews(Expected e) {
    for (Applied each : news) {
      for (Effect effect : each.effects()) {
        switch (effect) {
          case Effect.KeyRotated(AgentKey old, AgentKey next) -> {
            see("rotated");
            model.rotated(e, old.id(), next.id());
          }
          case Effect.KeyRevoked(AgentKey key, _) -> model.revoked(e, key.id());
          case Effect.ProposalOpened(Proposal deal) -> remember(deal);
          default -> {}
        }
      }
    }
    news.clear();
  }

  private void remember(Proposal deal) {
    everyDeal.put(deal.id(), deal);
    deals.add(deal);
    if (deals.size() > REMEMBERED) {
      deals.removeFirst();
    }
  }

  // Time.

  private void letTimePass() {
    long minutes = chance(3) ? 70 : 1 + random.nextInt(15);
    act(
        minutes + " minutes pass",
        _ -> {},
        () -> clock.addAndGet(Duration.ofMinutes(minutes).toMillis()));
  }

  private void restart() throws IOException, InterruptedException {
    act = "restart";
    relay.close();
    for (Seat seat : model.seats()) {
      until("the socket is closed", () -> seat.peer.closeCode() >= 0);
      assertThat(seat.peer.closeCode() + " " + seat.peer.closeReason())
          .as("%s at the relay's end", seat)
          .isEqualTo("1001 Server shutting down");
    }
    model.restart();
    assertAudited();
    start();
    listen();
    see("restart");
  }

  private void see(String what) {
    seen.add(what);
  }

  // What is compared.

  /// Does something, and compares what everybody hears of it with what the model says.
  private void act(String what, Consumer<Expected> model, Runnable deed) {
    act = what;
    Expected expected = new Expected();
    applied.clear();
    List<Seat> before = this.model.seats();
    before.forEach(seat -> {
      seat.heard.clear();
      seat.heardBefore = Set.copyOf(seat.channels);
    });
    model.accept(expected);
    deed.run();
    refold();
    expectNews(expected);
    settle(expected, before);
  }

  /// Waits until all has come that must come.
  private void settle(Expected expected, List<Seat> seats) {
    Instant deadline = Instant.now().plus(Peer.PATIENCE);
    Map<Seat, String> wrong;
    do {
      seats.forEach(this::collect);
      wrong = new LinkedHashMap<>();
      for (Seat seat : seats) {
        String problem = problem(expected, seat);
        if (!problem.isEmpty()) {
          wrong.put(seat, problem);
        }
      }
    } while (wrong.values().stream().anyMatch(p -> p.startsWith("missing"))
        && Instant.now().isBefore(deadline));
    assertThat(wrong).as(act).isEmpty();
    seats.forEach(this::assertNothingElse);
  }

  /// Takes all that was sent to the peer until now, or until its end.
  private void collect(Seat seat) {
    String mark = "until-" + said++;
    try {
      seat.peer.send("{\"type\":\"PING\",\"client_msg_id\":\"" + mark + "\"}");
    } catch (CompletionException _) {
      // It has ended, which is seen below.
    }
    Instant deadline = Instant.now().plus(Peer.PATIENCE);
    while (Instant.now().isBefore(deadline)) {
      JsonNode frame = seat.peer.poll(LOOK);
      if (frame == null && seat.peer.closeCode() >= 0) {
        seat.heard.addAll(seat.peer.rest());
        return;
      }
      if (frame != null && frame.path("client_msg_id").asString("").equals(mark)) {
        return;
      }
      if (frame != null) {
        seat.heard.add(frame);
      }
    }
    throw new AssertionError(act + ": no PONG to " + seat + ", but " + seat.heard);
  }

  /// What the peer should have heard and has not, or the other way round; empty when all is well.
  private String problem(Expected expected, Seat seat) {
    String end = expected.end(seat);
    if (seat.stage == Seat.Stage.CLOSED && end == null) {
      return ""; // it went of itself
    }
    List<String> missing = new ArrayList<>(expected.words(seat));
    missing.removeIf(RelaySimulation::isVague);
    List<String> extra = new ArrayList<>();
    for (String word : words(seat)) {
      if (!missing.remove(word)) {
        extra.add(word);
      }
    }
    if (end != null) {
      missing.removeIf(Expected::isAmbient);
    }
    String got =
        seat.peer.closeCode() < 0 ? "" : seat.peer.closeCode() + " " + seat.peer.closeReason();
    if (end != null && got.isEmpty()) {
      missing.add("its end, " + end);
    } else if (!got.equals(end == null ? "" : end)) {
      extra.add("its end, " + got);
    }
    if (!extra.isEmpty()) {
      return "extra " + extra + ", missing " + missing;
    }
    return missing.isEmpty() ? "" : "missing " + missing;
  }

  private static List<String> words(Seat seat) {
    return seat.heard.stream()
        .filter(frame -> !Words.isOfTheMarket(frame) && !Words.isCry(frame))
        .map(Words::of)
        .filter(word -> !isVague(word))
        .toList();
  }

  /// What #bounties remembers depends on when it was told.
  private static boolean isVague(String word) {
    return word.startsWith("MSG ") && word.contains(" #bounties null true ");
  }

  private void assertNothingElse(Seat seat) {
    for (JsonNode frame : seat.heard) {
      see(
          Words.type(frame).equals("ERROR")
              ? Words.of(frame).split(" ", -1)[1]
              : Words.type(frame));

      if (Words.isOfTheMarket(frame)) {
        assertThat(isAbout(seat, frame)).as("%s: %s hears %s", act, seat, frame).isTrue();
        String what =
            Words.type(frame) + frame.path("index") + frame.path("proposal_id") + frame.path("to");
        assertThat(indexes.computeIfAbsent(seat, _ -> new HashSet<>()).add(what))
            .as("%s: %s hears again %s", act, seat, frame)
            .isTrue();
      } else if (Words.isCry(frame)) {
        String channel = frame.path("to").stringValue();
        assertThat(seat.heardBefore.contains(channel) || seat.channels.contains(channel))
            .as("%s: %s hears %s", act, seat, frame)
            .isTrue();
      }
    }
  }

  /// Whether the agent is a party to what the frame is about.
  private boolean isAbout(Seat seat, JsonNode frame) {
    AgentId self = fold.owner(seat.id());
    boolean named =
        List.of("from", "to", "agent_id").stream()
            .map(field -> frame.path(field).asString(""))
            .flatMap(text -> AgentId.parse(text).stream())
            .anyMatch(agent -> fold.owner(agent).equals(self));
    Proposal deal = everyDeal.get(frame.path("proposal_id").asString(""));
    return named
        || (deal != null
            && (fold.owner(deal.from()).equals(self) || fold.owner(deal.to()).equals(self)));
  }

  /// The relay is where the model is.
  private void assertSame() {
    Set<AgentId> here = ids(model.seats().stream().filter(Seat::isIn));
    until(
        "%d connections and %s are there".formatted(model.seats().size(), here),
        () -> relay.connections().size() == model.seats().size() && online().equals(here));
    for (Channel channel : relay.ground().channels().all()) {
      assertThat(channel.agents().stream().map(Agent::id))
          .as("%s: %s", act, channel.name())
          .containsExactlyInAnyOrderElementsOf(
              ids(model.seats().stream().filter(seat -> model.isIn(channel.name(), seat))));
    }
    assertSameFold();
  }

  private static Set<AgentId> ids(Stream<Seat> seats) {
    return seats.map(Seat::id).collect(Collectors.toCollection(TreeSet::new));
  }

  private Set<AgentId> online() {
    return relay.ground().directory().all().stream()
        .flatMap(connection -> connection.agent().stream())
        .map(Agent::id)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /// Waits for what threads do that nobody can wait for.
  private void until(String what, BooleanSupplier condition) {
    Instant deadline = Instant.now().plus(Peer.PATIENCE);
    while (!condition.getAsBoolean()) {
      if (Instant.now().isAfter(deadline)) {
        throw new AssertionError(act + ": it never came that " + what + "; online " + online());
      }
      LockSupport.parkNanos(200_000);
    }
  }

  /// A deadline may move the relay's fold on at any time.
  private void assertSameFold() {
    String theirs;
    do {
      refold();
      theirs = relay.ledger().read(RelaySimulation::state);
    } while (!theirs.startsWith(fold.size() + " "));
    assertThat(theirs).as(act).isEqualTo(state(fold));
    Expected nothing = new Expected();
    expectNews(nothing);
  }

  private static String state(Ledger ledger) {
    return ledger.size() + " " + ledger.stateHash();
  }

  /// Every act of an admin and every turning away of somebody banned once, in order, and nothing
  /// that anybody said.
  private void assertAudited() throws IOException {
    String text = Files.readString(home.resolve("audit.jsonl"));
    assertThat(text)
        .doesNotContain(CONFIDENTIAL, RelayModel.MODERATION, RelayModel.OPERATION, "wrong-");
    assertThat(text.lines().map(Json::parse).filter(RelaySimulation::isOfInterest))
        .extracting(RelaySimulation::audited)
        .containsExactlyElementsOf(model.audit());
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

  /// Everybody goes, and the relay keeps nothing of them.
  void end() throws IOException {
    while (!model.seats().isEmpty()) {
      leave(model.seats().getFirst());
    }
    assertSame();
    until(
        "no connection is held that has ended",
        () -> {
          System.gc();

          return connections.isEmpty();
        });
    relay.close();
    assertAudited();
  }

  @Override
  public void close() {
    peers.forEach(Peer::close);
    relay.close();
  }

  /// What was done last.
  @Override
  public String toString() {
    return setup + ", after: " + act;
  }
}
