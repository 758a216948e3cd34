package org.agentchat.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.agentchat.ledger.VerifiedEvents;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.identity.Sha256;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.json.JsonText;
import org.agentchat.schemas.statement.CourtStatement;
import org.agentchat.schemas.statement.KeyStatement;
import org.agentchat.schemas.statement.Scheme;
import org.agentchat.schemas.statement.Statement;
import org.agentchat.schemas.statement.Verdict;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Agentcourt over real sockets, as existing clients speak it, with a clock that the test turns and
/// judges who are old enough.
class CourtTest {
  private static final String ORIGIN = "test.example/court";
  private static final String NONCE = "3876c3794ff64b3640cfccd8bbb467f1";
  private static final Scheme JOINED = new Scheme.Joined();

  @TempDir Path home;

  private final Identity alice = RelayTest.identity("alice", 1);
  private final Identity bob = RelayTest.identity("bob", 2);
  private final AtomicLong skipped = new AtomicLong();
  private final MemoryLog log = new MemoryLog();
  private final Map<Identity, Peer> peers = new LinkedHashMap<>();
  private final List<Relay> relays = new ArrayList<>();

  @BeforeEach
  void start() throws Exception {
    SeasonedLog.fill(log, ORIGIN, System.currentTimeMillis());
    relay("test-relay");
    connect(alice);
    connect(bob);
  }

  private void connectJudges() {
    SeasonedLog.judges().forEach(this::connect);
  }

  /// Nobody is cut for the hours that the test skips.
  private Relay relay(String name) throws Exception {
    Path folder = Files.createDirectories(home.resolve(name));
    Relay relay =
        Relay.start(
            RelaySettings.of("127.0.0.1", 0, name, ORIGIN).with(patient()).keptIn(folder),
            log,
            new VerifiedEvents(),
            () -> System.currentTimeMillis() + skipped.get());
    relays.add(relay);
    return relay;
  }

  private static RelayLimits patient() {
    RelayLimits usual = RelayLimits.defaults();
    RelayLimits.Waits waits = usual.waits();
    return usual.with(
        new RelayLimits.Waits(
            waits.identify(),
            waits.challenge(),
            waits.ping(),
            Duration.ofDays(100),
            waits.answer()));
  }

  @AfterEach
  void stop() {
    peers.values().forEach(Peer::close);
    relays.forEach(Relay::close);
  }

  private void connect(Identity agent) {
    peers.put(agent, Peer.identified(relays.getLast().url(), agent));
  }

  private Peer peer(Identity agent) {
    Peer peer = peers.get(agent);
    assertThat(peer).isNotNull();
    return peer;
  }

  private void says(Identity agent, Statement statement) {
    peer(agent).state(agent, JOINED, statement);
  }

  private String deal() {
    says(alice, new Statement.Proposal(bob.id(), "T", null, "TEST", null, null, null, 50, null));
    String id = peer(bob).expect("PROPOSAL").get("proposal_id").stringValue();
    says(bob, new Statement.Accept(id, null, 30));
    peer(alice).expect("ACCEPT");
    return id;
  }

  private String file(String deal) {
    says(alice, new CourtStatement.DisputeIntent(deal, "bad work", Sha256.hex(NONCE)));
    JsonNode ack = peer(alice).expect("DISPUTE_INTENT_ACK");
    assertThat(ack.propertyNames())
        .containsExactly("type", "ts", "dispute_id", "proposal_id", "server_nonce", "index");
    return ack.get("dispute_id").stringValue();
  }

  private List<Identity> panel(JsonNode formed) {
    return formed
        .get("arbiters")
        .valueStream()
        .map(id ->
            SeasonedLog.judges().stream()
                .filter(judge -> judge.id().toString().equals(id.stringValue()))
                .findFirst()
                .orElseThrow())
        .toList();
  }

  private static List<String> types(List<JsonNode> frames) {
    return frames.stream().map(frame -> frame.get("type").stringValue()).toList();
  }

  @Test
  void caseGoesItsWholeWay() {
    connectJudges();
    String deal = deal();
    String dispute = file(deal);
    assertThat(serverSays(bob))
        .isEqualTo(
            "Dispute filed against proposal %s by %s. Agentcourt panel arbitration in progress."
                .formatted(deal, alice.id()));

    says(alice, new CourtStatement.DisputeReveal(deal, NONCE));
    JsonNode formed = peer(alice).expect("PANEL_FORMED");
    JsonNode revealed = peer(alice).expect("DISPUTE_REVEALED");
    String relayNonce = formed.get("server_nonce").stringValue();
    assertThat(formed.get("seed").stringValue()).isEqualTo(Sha256.hex(deal + NONCE + relayNonce));
    assertThat(revealed.get("seed")).isEqualTo(formed.get("seed"));
    assertThat(revealed.get("panel_size").intValue()).isEqualTo(3);
    assertThat(formed.get("evidence_deadline").isNull()).isTrue();
    assertThat(peer(bob).expect("PANEL_FORMED").get("arbiters")).isEqualTo(formed.get("arbiters"));

    List<Identity> first = panel(formed);
    JsonNode assigned = peer(first.getFirst()).expect("ARBITER_ASSIGNED");
    assertThat(assigned.get("reason").stringValue()).isEqualTo("bad work");
    assertThat(assigned.has("is_replacement")).isFalse();
    says(first.getFirst(), new CourtStatement.ArbiterDecline(dispute, "busy"));
    Identity replacement = replacement(first);
    List<Identity> judges = List.of(replacement, first.get(1), first.get(2));
    judges.forEach(judge -> says(judge, new CourtStatement.ArbiterAccept(dispute)));
    assertThat(serverSays(alice))
        .matches(
            "All arbiters accepted\\. Evidence period open until"
                + " \\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z\\. Submit your evidence"
                + " now\\.");

    JsonText items =
        JsonText.of(
            Json.parse(
                "[{\"kind\":\"other\",\"label\":\"l\",\"value\":\"v\",\"url\":\"http://x\"}]"));
    says(alice, new CourtStatement.Evidence(dispute, items, "my case"));
    for (Identity reader : List.of(alice, bob, judges.get(0), judges.get(1), judges.get(2))) {
      JsonNode received = peer(reader).expect("EVIDENCE_RECEIVED");
      assertThat(received.get("items_count").intValue()).isEqualTo(1);
      assertThat(received.get("from").stringValue()).isEqualTo(alice.id().toString());
    }
    skipped.addAndGet(3_600_000);
    for (Identity judge : judges) {
      JsonNode ready = peer(judge).expect("CASE_READY");
      JsonNode evidence = ready.get("disputant_evidence");
      assertThat(evidence.at("/items/0/hash").stringValue())
          .isEqualTo("44cdccf7396448b4bfce638754d0316089ebfed7104cc12c38e7465b78b33b7d");
      assertThat(evidence.get("statement").stringValue()).isEqualTo("my case");
      assertThat(ready.get("respondent_evidence").isNull()).isTrue();
      assertThat(ready.at("/proposal/task").stringValue()).isEqualTo("T");
    }
    List<Verdict> votes = List.of(Verdict.DISPUTANT, Verdict.DISPUTANT, Verdict.RESPONDENT);
    for (int i = 0; i < 3; i++) {
      says(judges.get(i), new CourtStatement.ArbiterVote(dispute, votes.get(i), "because"));
    }
    for (Identity reader : List.of(alice, bob, judges.get(0), judges.get(1), judges.get(2))) {
      JsonNode verdict = peer(reader).expect("VERDICT");
      assertThat(verdict.get("verdict").stringValue()).isEqualTo("disputant");
      assertThat(verdict.get("votes")).hasSize(3);
      JsonNode settled = peer(reader).expect("SETTLEMENT_COMPLETE");
      assertThat(settled.at("/rating_changes/" + alice.id() + "/change").intValue())
          .isEqualTo(4 + 30);
      assertThat(settled.at("/rating_changes/" + bob.id() + "/change").intValue())
          .isEqualTo(-8 - 30);
    }

    says(bob, new Statement.Dispute(deal, "revenge"));
    JsonNode error = peer(bob).expectError("INVALID_PROPOSAL");
    assertThat(error.get("message").stringValue()).isEqualTo("PROPOSAL_NOT_ACCEPTED");
  }

  private String serverSays(Identity to) {
    return peer(to)
        .expect(
            frame ->
                frame.get("type").stringValue().equals("MSG")
                    && frame.get("to").stringValue().equals(to.id().toString()),
            "MSG from @server")
        .get("content")
        .stringValue();
  }

  private Identity replacement(List<Identity> first) {
    for (long end = System.nanoTime() + Peer.PATIENCE.toNanos(); System.nanoTime() < end; ) {
      for (Identity judge : SeasonedLog.judges()) {
        if (!first.contains(judge)) {
          JsonNode frame = peer(judge).poll(Duration.ofMillis(1));
          if (frame != null && frame.get("type").stringValue().equals("ARBITER_ASSIGNED")) {
            assertThat(frame.get("is_replacement").booleanValue()).isTrue();
            return judge;
          }
        }
      }
    }
    throw new AssertionError("nobody took the place");
  }

  @Test
  void refusalsHaveTheProtocolsWords() {
    connectJudges();
    String deal = deal();
    Identity stranger = SeasonedLog.judges().getFirst();
    CourtStatement intent = new CourtStatement.DisputeIntent(deal, "bad work", Sha256.hex(NONCE));
    assertRefused(stranger, intent, "NOT_PROPOSAL_PARTY", "Not a party to this proposal");
    assertRefused(
        alice,
        new CourtStatement.DisputeIntent("prop_x", "bad work", "y"),
        "PROPOSAL_NOT_FOUND",
        "Proposal not found");
    assertRefused(
        alice,
        new CourtStatement.DisputeReveal(deal, NONCE),
        "DISPUTE_NOT_FOUND",
        "No pending dispute for this proposal");
    String dispute = file(deal);
    assertRefused(
        bob,
        new CourtStatement.DisputeIntent(deal, "x", "y"),
        "DISPUTE_ALREADY_EXISTS",
        "Agentcourt dispute already filed for this proposal");
    assertRefused(
        bob,
        new CourtStatement.DisputeReveal(deal, NONCE),
        "DISPUTE_NOT_PARTY",
        "Only the disputant can reveal");
    assertRefused(
        alice,
        new CourtStatement.DisputeReveal(deal, "wrong"),
        "DISPUTE_COMMITMENT_MISMATCH",
        "Nonce does not match commitment");
    assertRefused(
        alice,
        new CourtStatement.Evidence(dispute, JsonText.of(Json.parse("[]")), ""),
        "DISPUTE_DEADLINE_PASSED",
        "Evidence submission failed (deadline passed or limit exceeded)");
    assertRefused(
        stranger,
        new CourtStatement.Evidence(dispute, JsonText.of(Json.parse("[]")), ""),
        "DISPUTE_NOT_PARTY",
        "Not a party to this dispute");
    assertRefused(
        stranger,
        new CourtStatement.ArbiterAccept(dispute),
        "DISPUTE_NOT_ARBITER",
        "Not a pending arbiter for this dispute");
    assertRefused(
        stranger,
        new CourtStatement.ArbiterVote(dispute, Verdict.MUTUAL, ""),
        "DISPUTE_NOT_ARBITER",
        "Cannot vote: not an accepted arbiter, wrong phase, or deadline passed");
    assertRefused(
        stranger,
        new CourtStatement.ArbiterAccept("disp_x"),
        "DISPUTE_NOT_FOUND",
        "Dispute not found");
  }

  private void assertRefused(Identity agent, Statement statement, String code, String message) {
    says(agent, statement);
    assertThat(peer(agent).expectError(code).get("message").stringValue()).isEqualTo(message);
  }

  @Test
  void missingRevealFallsBack() {
    String dispute = file(deal());
    skipped.addAndGet(600_000);

    JsonNode fallback = peer(alice).expect("DISPUTE_FALLBACK");
    assertThat(fallback.get("dispute_id").stringValue()).isEqualTo(dispute);
    assertThat(fallback.get("reason").stringValue()).isEqualTo("Reveal timeout expired");
  }

  @Test
  void tooFewJudgesFallBack() {
    SeasonedLog.judges().stream().limit(2).forEach(this::connect);
    String deal = deal();
    file(deal);
    says(alice, new CourtStatement.DisputeReveal(deal, NONCE));

    for (Identity party : List.of(alice, bob)) {
      assertThat(peer(party).expect("DISPUTE_FALLBACK").get("reason").stringValue())
          .isEqualTo("Insufficient eligible arbiters (2 available, 3 required)");
    }
  }

  /// The nonce follows from what the relay keeps, so it is revealed by whatever process has it.
  @Test
  void relayRevealsWhatItCommittedToBeforeItsRestart() throws Exception {
    connectJudges();
    String deal = deal();
    file(deal);
    relays.getFirst().close();
    peers.values().forEach(Peer::close);
    relay("other-relay");
    connect(alice);
    connect(bob);
    says(alice, new CourtStatement.DisputeReveal(deal, NONCE));
    relay("test-relay");

    JsonNode formed = peer(alice).expect("PANEL_FORMED");
    assertThat(formed.get("arbiters")).hasSize(3);
    assertThat(types(List.of(peer(bob).expect("PANEL_FORMED")))).containsExactly("PANEL_FORMED");
  }

  /// The other side is away under its old key, and comes back with the one that it has now.
  @Test
  void partyThatWasAwayWithAnotherKeyHearsOfItsCase() {
    connectJudges();
    String deal = deal();
    Identity later = RelayTest.identity("bob", 3);
    long now = System.currentTimeMillis();
    peer(bob)
        .state(
            bob,
            new Scheme.Bound(ORIGIN, now, "a-nonce-of-this-test"),
            KeyStatement.RotateKey.of(bob, later, ORIGIN));
    peer(bob).expect("KEY_ROTATED");
    String dispute = file(deal);
    says(alice, new CourtStatement.DisputeReveal(deal, NONCE));
    JsonNode formed = peer(alice).expect("PANEL_FORMED");
    assertThat(formed.get("respondent").stringValue()).isEqualTo(later.id().toString());

    connect(later);
    assertThat(serverSays(later)).startsWith("Dispute filed against proposal " + deal);
    assertThat(peer(later).expect("PANEL_FORMED").get("arbiters"))
        .isEqualTo(formed.get("arbiters"));
    panel(formed).forEach(judge -> says(judge, new CourtStatement.ArbiterAccept(dispute)));
    assertThat(serverSays(later)).startsWith("All arbiters accepted.");
    says(later, new CourtStatement.Evidence(dispute, JsonText.of(Json.parse("[]")), "mine"));
    assertThat(peer(alice).expect("EVIDENCE_RECEIVED").get("from").stringValue())
        .isEqualTo(later.id().toString());
  }

  @Test
  void whoIsAwayIsNotAskedToJudge() {
    connectJudges();
    for (Identity judge : SeasonedLog.judges().subList(2, SeasonedLog.JUDGES)) {
      peer(judge).send("{\"type\":\"SET_PRESENCE\",\"status\":\"away\"}");
      peer(judge).send("{\"type\":\"PING\"}");
      peer(judge).expect("PONG");
    }
    String deal = deal();
    file(deal);
    says(alice, new CourtStatement.DisputeReveal(deal, NONCE));

    assertThat(peer(alice).expect("DISPUTE_FALLBACK").get("reason").stringValue())
        .isEqualTo("Insufficient eligible arbiters (2 available, 3 required)");
  }
}
