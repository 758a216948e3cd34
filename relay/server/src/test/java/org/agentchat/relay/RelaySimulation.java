package org.agentchat.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.agentchat.relay.AccessRules.Allowlisting;
import org.agentchat.relay.RelayModel.AdminFrame;
import org.agentchat.relay.RelayModel.Setup;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.json.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A relay on real sockets and everybody who talks to it, one after the other: agents with and
/// without keys, new, former and revoked ones, admins and those who would like to be, another relay
/// of the same log, and an operator who restarts it. What each of them hears is compared with a
/// [RelayModel] after every act; where they are and what the log and its fold say, after every
/// step; the audit log, at every restart and at the end.
///
/// The same seed does the same things. The relay's clock stands unless an act turns it.
final class RelaySimulation implements AutoCloseable {
  private static final int MAX_SEATS = 14;
  private static final int COMPANY = 8;

  /// So many are approved from the start, where nobody gets in without.
  private static final int APPROVED = 6;

  private final Setup setup;
  private final Crowd crowd;
  private final SimulatedRelay relay;
  private final RelayModel model;
  private final Onlookers onlookers;
  private final List<Peer> peers = new ArrayList<>();

  /// Always in #general, so that nothing that is said there goes unheard.
  private final Identity listener = TestRelay.identity("ear", 77);

  private Seat ear;

  RelaySimulation(long seed, Path home) throws IOException, InterruptedException {
    this.crowd = new Crowd(seed);
    Allowlisting[] modes = Allowlisting.values();
    Identity admin = crowd.identities().get(0);
    this.setup =
        new Setup(
            modes[(int) Math.floorMod(seed, (long) modes.length)],
            Math.floorMod(seed, 4L) == 3,
            crowd.chance(2),
            Math.floorMod(seed, 5L) == 4,
            crowd.chance(3),
            admin.id(),
            crowd.identities().get(1).id());
    this.relay = new SimulatedRelay(setup, admin.key(), crowd.secret(), crowd.judges(), home);
    this.model = new RelayModel(setup, relay::now, relay.fold());
    this.onlookers = new Onlookers(relay, model);
    if (setup.mode() == Allowlisting.STRICT) {
      letSomebodyIn();
    }
    listen();
  }

  private void letSomebodyIn() {
    Seat by = connect();
    List<Identity> some = new ArrayList<>(crowd.identities().subList(0, APPROVED));
    some.addAll(crowd.judges().subList(0, APPROVED));
    some.add(listener);
    for (Identity person : some) {
      admins().approve(new AdminFrame(by, "approve", RelayModel.MODERATION, person.id()), person);
    }
  }

  private void listen() {
    ear = connect();
    identify(ear, listener);
    prove(ear, true);
    if (ear.stage == Seat.Stage.ASKED) {
      answer(ear, true);
    }
    chat().join(ear, "#general");
  }

  private List<Seat> others() {
    return model.seats().stream().filter(seat -> seat != ear).toList();
  }

  private ChatActs chat() {
    return new ChatActs(crowd, relay, model, onlookers, others());
  }

  private AdminActs admins() {
    return new AdminActs(crowd, relay, model, onlookers, ear, others());
  }

  private MarketActs market() {
    return new MarketActs(new Market(crowd, relay, model, onlookers), others());
  }

  private CourtActs court() {
    return new CourtActs(new Market(crowd, relay, model, onlookers), others());
  }

  /// What has happened in this world so far, by name.
  Set<String> seen() {
    Set<String> seen = onlookers.seen();
    seen.addAll(model.turns());
    return seen;
  }

  /// What was done and what became of it.
  List<String> diary() {
    return onlookers.diary();
  }

  /// What is done next, by whoever does it.
  void step() throws IOException, InterruptedException {
    int choice = crowd.number(1_000);
    if (choice < 3) {
      restart();
    } else if (choice < 150 || isLonely()) {
      comeIn();
    } else if (choice < 215) {
      goOn(crowd.anySeat(others()));
    } else if (choice < 230) {
      leave(crowd.anySeat(others()));
    } else if (choice < 480) {
      chat().any();
    } else if (choice < 590) {
      admins().any(setup.admin());
    } else if (choice < 930) {
      goToMarket();
    } else if (choice < 960) {
      market().elsewhere();
    } else if (choice < 980) {
      admins().askForConnections(crowd.address());
    } else {
      letTimePass();
    }
    if (!ear.isIn()) {
      listen();
    }
    onlookers.assertSame();
  }

  private void goToMarket() {
    if (court().isInSession() && !crowd.chance(3)) {
      court().any();
    } else {
      market().any();
    }
  }

  /// Whether it is time for company: a few agents meet more than one.
  private boolean isLonely() {
    long here = others().stream().filter(Seat::isIn).count();
    return here == 0 || (here < COMPANY && crowd.chance(3));
  }

  private Seat connect() {
    String address = crowd.address();
    Peer peer = relay.connect(address);
    peers.add(peer);
    Seat seat = new Seat(peer, address, relay.now());
    model.connected(seat);
    // A handshake is answered before the connection counts.
    onlookers.act("connect " + address, _ -> {}, () -> {});
    return seat;
  }

  private void comeIn() {
    if (others().size() >= MAX_SEATS) {
      List<Seat> idle = others().stream().filter(seat -> !seat.isIn()).toList();
      leave(crowd.any(idle.isEmpty() ? others() : idle));
      return;
    }
    Seat seat = connect();
    for (int i = 0; i < 3 && seat.stage != Seat.Stage.CLOSED && !seat.isIn(); i++) {
      if (crowd.chance(seat.stage == Seat.Stage.STRANGER ? 20 : 8)) {
        return;
      }
      if (seat.stage != Seat.Stage.STRANGER && seat.identity != null && crowd.chance(8)) {
        // An admin is faster.
        admins().decideAbout(seat.identity.id());
      }
      goOn(seat);
    }
  }

  /// Says who it is, or proves it, or answers what it was asked.
  private void goOn(Seat seat) {
    switch (seat.stage) {
      case STRANGER -> {
        if (crowd.chance(20)) {
          prove(seat, true);
        } else if (crowd.chance(20)) {
          answer(seat, true);
        } else {
          identify(seat, crowd.chance(9) ? null : crowd.somebodyWelcome(model));
        }
      }
      case CHALLENGED -> {
        if (crowd.chance(20)) {
          identify(seat, crowd.anybody());
        } else {
          prove(seat, !crowd.chance(12));
        }
      }
      case ASKED -> answer(seat, !crowd.chance(4));
      case IN -> {
        if (crowd.chance(2)) {
          identify(seat, crowd.anybody());
        } else {
          prove(seat, true);
        }
      }
      case CLOSED -> throw new IllegalStateException("who is gone says nothing");
    }
  }

  private void identify(Seat seat, @Nullable Identity identity) {
    String name = identity == null ? "guest" : identity.name();
    String frame =
        identity == null
            ? "{\"type\":\"IDENTIFY\",\"name\":\"guest\"}"
            : TestRelay.identify(identity);
    onlookers.act(
        "identify " + name,
        e -> model.identify(e, seat, name, identity),
        () -> seat.peer.send(frame));
    if (seat.stage == Seat.Stage.CHALLENGED && seat.asked == null) {
      seat.asked = seat.lastHeard("CHALLENGE");
    } else {
      learn(seat);
    }
  }

  /// What the relay made up.
  private static void learn(Seat seat) {
    if (seat.stage == Seat.Stage.ASKED && seat.asked == null) {
      seat.asked = seat.lastHeard("CAPTCHA_CHALLENGE");
    } else if (seat.isIn() && seat.id == null) {
      seat.id = AgentId.of(seat.lastHeard("WELCOME").path("agent_id").stringValue());
    }
  }

  /// @param right whether with the right key, where there is one
  private void prove(Seat seat, boolean right) {
    Identity identity = seat.identity;
    if (identity != null && !model.mayTakeOver(identity.id())) {
      relay.skip(Duration.ofMinutes(6));
    }
    JsonNode challenge =
        seat.stage == Seat.Stage.CHALLENGED
            ? seat.asked
            : Json.parse("{\"challenge_id\":\"chal_unknown\",\"nonce\":\"0123456789abcdef\"}");
    Identity signer = right && identity != null ? identity : Crowd.fake();
    onlookers.act(
        "prove " + seat.name + (right ? "" : " wrongly"),
        e -> model.prove(e, seat, right),
        () -> seat.peer.prove(challenge, signer));
    learn(seat);
  }

  private void answer(Seat seat, boolean right) {
    boolean wasAsked = seat.stage == Seat.Stage.ASKED;
    JsonNode asked = wasAsked ? seat.asked : Json.parse("{\"captcha_id\":\"captcha_unknown\"}");
    String text =
        right && wasAsked
            ? CaptchaTest.solve(asked.path("question").stringValue())
            : "certainly wrong";
    onlookers.act(
        "answer " + seat.name + (right ? "" : " wrongly"),
        e -> model.answer(e, seat, right),
        () -> CaptchaTest.answer(seat.peer, asked, text));
    learn(seat);
  }

  private void leave(Seat seat) {
    onlookers.act(
        "leave " + seat,
        e -> model.left(e, seat),
        () -> {
          seat.peer.socket().sendClose(WebSocket.NORMAL_CLOSURE, "").join();
          relay.until("the socket is closed", () -> !seat.end().isEmpty());
        });
  }

  private void letTimePass() {
    Duration time = Duration.ofMinutes(crowd.chance(3) ? 70 : 1 + crowd.number(15));
    onlookers.pass(time);
  }

  private void restart() throws IOException, InterruptedException {
    relay.close();
    for (Seat seat : model.seats()) {
      relay.until("the socket is closed", () -> !seat.end().isEmpty());
      assertThat(seat.end()).as("%s", seat).isEqualTo("1001 Server shutting down");
    }
    model.restart();
    assertAudited();
    relay.start();
    onlookers.conclude("restart");
  }

  private void assertAudited() throws IOException {
    relay.assertAudited(
        model.audit(),
        Crowd.CONFIDENTIAL,
        RelayModel.MODERATION,
        RelayModel.OPERATION,
        AdminActs.WRONG);
  }

  /// Everybody goes, and the relay keeps nothing of them.
  void end() throws IOException {
    while (!model.seats().isEmpty()) {
      leave(model.seats().getFirst());
    }
    onlookers.assertSame();
    relay.assertNobodyHeld();
    relay.close();
    assertAudited();
  }

  @Override
  public void close() {
    peers.forEach(Peer::close);
    relay.close();
  }

  /// How the relay is set up, and what was done last.
  @Override
  public String toString() {
    return setup + ", after: " + onlookers;
  }
}
