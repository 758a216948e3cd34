package org.agentchat.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.agentchat.ledger.VerifiedEvents;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.json.JsonNumber;
import org.agentchat.schemas.message.ClientMessageCodec;
import org.agentchat.schemas.statement.Scheme;
import org.agentchat.schemas.statement.SignedStatement;
import org.agentchat.schemas.statement.Statement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// The relay over real sockets, with a log in memory and a clock that tests can turn.
final class RelayTest {
  private static final String ORIGIN = "test.example/log";

  private final Identity alice = identity("alice", 1);
  private final Identity bob = identity("bob", 2);
  private final Identity carol = identity("carol", 3);

  /// The relay's; it stands still, so that a rate lets as much through on a slow machine.
  private final AtomicLong clock = new AtomicLong(System.currentTimeMillis());

  private final MemoryLog log = new MemoryLog();
  private final List<Peer> peers = new ArrayList<>();
  private Relay relay;

  @BeforeEach
  void start() throws Exception {
    relay = relay(RelaySettings.of("127.0.0.1", 0, "test-relay", ORIGIN));
  }

  private Relay relay(RelaySettings settings) throws Exception {
    return Relay.start(settings, log, new VerifiedEvents(), clock::get);
  }

  @AfterEach
  void stop() {
    peers.forEach(Peer::close);
    relay.close();
  }

  @Test
  void ephemeralAgentIsWelcomedAtOnce() {
    Peer peer = connect();
    peer.send("{\"type\":\"IDENTIFY\",\"name\":\"guest\"}");
    JsonNode welcome = peer.expect("WELCOME");
    assertThat(welcome.get("agent_id").stringValue()).matches("@[a-z0-9]{8}");
    assertThat(welcome.get("origin").stringValue()).isEqualTo(ORIGIN);
    assertThat(welcome.has("verified")).isFalse();
  }

  @Test
  void keyIsProvedUnderTheOldScheme() {
    Peer peer = connect();
    peer.send(identify(alice));
    peer.prove(peer.expect("CHALLENGE"), alice);
    assertThat(peer.expect("WELCOME").get("agent_id").stringValue())
        .isEqualTo(alice.id().toString());
  }

  @Test
  void keyIsProvedUnderTheNewScheme() {
    Peer peer = connect();
    peer.send(identify(alice));
    JsonNode challenge = peer.expect("CHALLENGE");
    long now = System.currentTimeMillis();
    byte[] proof =
        Scheme.Bound.proofBytes(
            alice.key(),
            challenge.get("challenge_id").stringValue(),
            challenge.get("nonce").stringValue(),
            challenge.get("origin").stringValue(),
            challenge.get("relay").stringValue(),
            now);
    peer.send(
        """
        {"type":"VERIFY_IDENTITY","challenge_id":"%s","signature":"%s","timestamp":%d,
         "scheme":"agentchat/2"}
        """
            .formatted(
                challenge.get("challenge_id").stringValue(), alice.sign(proof).base64(), now));
    peer.expect("WELCOME");
  }

  @Test
  void proofOfAnotherKeyIsRefusedAndTheSocketStaysOpen() {
    Peer peer = connect();
    peer.send(identify(alice));
    peer.prove(peer.expect("CHALLENGE"), bob);
    peer.expectError("VERIFICATION_FAILED");
    peer.send(identify(alice));
    peer.prove(peer.expect("CHALLENGE"), alice);
    peer.expect("WELCOME");
  }

  @Test
  void challengeOfAnotherConnectionIsRefused() {
    Peer one = connect();
    one.send(identify(alice));
    JsonNode challenge = one.expect("CHALLENGE");
    Peer other = connect();
    other.prove(challenge, alice);
    assertThat(other.expectError("INVALID_MSG").get("message").stringValue())
        .isEqualTo("Challenge belongs to a different connection");
  }

  @Test
  void challengeExpires() {
    Peer peer = connect();
    peer.send(identify(alice));
    JsonNode challenge = peer.expect("CHALLENGE");
    clock.addAndGet(61_000);
    try {
      peer.prove(challenge, alice);
    } catch (CompletionException _) {
      // The relay looked at its connections first, and has ended this one.
    }
    peer.expectError("VERIFICATION_EXPIRED");
  }

  @Test
  void nothingButTheHandshakeWorksBeforeIdentification() {
    Peer peer = connect();
    peer.send("{\"type\":\"MSG\",\"to\":\"#general\",\"content\":\"x\"}");
    assertThat(peer.expectError("AUTH_REQUIRED").get("message").stringValue())
        .isEqualTo("Must IDENTIFY first");
    peer.send("{\"type\":\"PING\",\"client_msg_id\":\"p1\"}");
    assertThat(peer.expect("PONG").get("client_msg_id").stringValue()).isEqualTo("p1");
    peer.send("{\"type\":\"LIST_CHANNELS\"}");
    assertThat(peer.expect("CHANNELS").get("list").toString())
        .contains("{\"name\":\"#ops\",\"agents\":0,\"verifiedOnly\":true}");
  }

  @Test
  void garbageIsAnsweredAndForgotten() {
    Peer peer = connect();
    for (String garbage :
        List.of("not json", "null", "[]", "5", "\"x\"", "{\"foo\":1}", "{\"type\":7}", "{")) {
      peer.send(garbage);
      peer.expectError("INVALID_MSG");
    }
    peer.send("{\"type\":\"NOPE\"}");
    assertThat(peer.expectError("INVALID_MSG").get("message").stringValue())
        .isEqualTo("Unknown message type: NOPE");
  }

  @Test
  void oversizedFrameClosesOnlyItsOwnConnection() {
    Peer peer = connect();
    Peer other = connect();
    String huge = "x".repeat(ClientMessageCodec.MAX_FRAME + 1);
    var _ = peer.socket().sendText(huge, true);
    await().atMost(Peer.PATIENCE).until(() -> peer.closeCode() >= 0);
    // The close frame may be lost when the peer is still sending as the socket closes.
    assertThat(peer.closeCode()).isIn(1009, 1006);
    other.send("{\"type\":\"PING\"}");
    other.expect("PONG");
  }

  @Test
  void messagesReachEveryMemberInOrderAndAreReplayedToThoseWhoJoinLater() {
    Peer a = online(alice);
    Peer b = online(bob);
    join(a, "#general");
    join(b, "#general");
    a.send("{\"type\":\"MSG\",\"to\":\"#general\",\"content\":\"one\",\"client_msg_id\":\"m1\"}");
    a.send("{\"type\":\"MSG\",\"to\":\"#general\",\"content\":\"two\"}");
    assertThat(content(a, "one").get("client_msg_id").stringValue()).isEqualTo("m1");
    JsonNode received = content(b, "one");
    assertThat(received.has("client_msg_id")).isFalse();
    assertThat(received.get("from").stringValue()).isEqualTo(alice.id().toString());
    content(b, "two");

    Peer c = online(carol);
    c.send("{\"type\":\"JOIN\",\"channel\":\"#general\"}");
    assertThat(c.expect("JOINED").get("agents").size()).isEqualTo(3);
    assertThat(content(c, "one").get("replay").booleanValue()).isTrue();
    assertThat(content(c, "two").get("replay").booleanValue()).isTrue();
    assertThat(b.expect("AGENT_JOINED").get("name").stringValue()).isEqualTo("carol");
  }

  @Test
  void signatureOfAMessageIsCheckedAndItsTimeIsPassedOn() {
    Peer a = online(alice);
    join(a, "#general");
    a.send(
        Json.text(
            ClientMessageCodec.encode(
                ClientMessageCodec.signed(alice, "#general", "signed", 1234567, null))));
    assertThat(content(a, "signed").get("sig_ts").longValue()).isEqualTo(1234567);
    a.send(
        Json.text(
                ClientMessageCodec.encode(
                    ClientMessageCodec.signed(alice, "#general", "original", 1234567, null)))
            .replace("original", "tampered"));
    a.expectError("VERIFICATION_FAILED");
  }

  @Test
  void directMessageReachesIdAndNickAndIsEchoed() {
    Peer a = online(alice);
    Peer b = online(bob);
    a.send("{\"type\":\"MSG\",\"to\":\"%s\",\"content\":\"by id\"}".formatted(bob.id()));
    a.send("{\"type\":\"MSG\",\"to\":\"@bob\",\"content\":\"by nick\"}");
    content(b, "by id");
    assertThat(content(b, "by nick").get("to").stringValue()).isEqualTo(bob.id().toString());
    content(a, "by id");
    content(a, "by nick");
    a.send("{\"type\":\"MSG\",\"to\":\"@nobody\",\"content\":\"x\"}");
    assertThat(a.expectError("AGENT_NOT_FOUND").get("message").stringValue())
        .isEqualTo("Agent @nobody not found");
  }

  @Test
  void outsiderCannotPostAndLeaverHearsNoMore() {
    Peer a = online(alice);
    a.send("{\"type\":\"MSG\",\"to\":\"#general\",\"content\":\"x\"}");
    a.expectError("NOT_INVITED");
    a.send("{\"type\":\"MSG\",\"to\":\"#nowhere\",\"content\":\"x\"}");
    a.expectError("CHANNEL_NOT_FOUND");
    a.send("{\"type\":\"JOIN\",\"channel\":\"#ops\"}");
    assertThat(a.expectError("AUTH_REQUIRED").get("message").stringValue())
        .isEqualTo("Channel #ops requires verified identity");
    join(a, "#agents");
    a.send("{\"type\":\"LEAVE\",\"channel\":\"#agents\"}");
    a.expect("LEFT");
    a.send("{\"type\":\"LIST_AGENTS\",\"channel\":\"#agents\"}");
    assertThat(a.expect("AGENTS").get("list").size()).isZero();
  }

  @Test
  void eleventhMessageInABurstIsRefusedAndTheSocketStaysOpen() {
    Peer a = online(alice);
    join(a, "#general");
    for (int i = 0; i < 11; i++) {
      a.send("{\"type\":\"MSG\",\"to\":\"#general\",\"content\":\"m" + i + "\"}");
    }
    content(a, "m9");
    a.expectError("RATE_LIMITED");
    a.send("{\"type\":\"PING\"}");
    a.expect("PONG");
  }

  @Test
  void refusedMessageCostsNothingOfTheRate() {
    Peer a = online(alice);
    join(a, "#general");
    for (int i = 0; i < 12; i++) {
      a.send("{\"type\":\"MSG\",\"to\":\"#nowhere\",\"content\":\"x\"}");
      a.expectError("CHANNEL_NOT_FOUND");
    }
    a.send("{\"type\":\"MSG\",\"to\":\"#general\",\"content\":\"still\"}");
    content(a, "still");
  }

  @Test
  void floodIsToldWhyAndClosed() {
    Peer peer = connect();
    for (int i = 0; i < 11; i++) {
      peer.send("{\"type\":\"PING\"}");
    }
    peer.expectError("RATE_LIMITED");
    await().atMost(Peer.PATIENCE).until(() -> peer.closeCode() == 1008);
    assertThat(peer.closeReason()).isEqualTo("Rate limit exceeded");
  }

  @Test
  void laterProofOfTheSameKeyTakesTheSessionOver() {
    Peer first = online(alice);
    Peer second = online(alice);
    first.expect("SESSION_DISPLACED");
    await().atMost(Peer.PATIENCE).until(() -> first.closeCode() == 1000);
    second.send("{\"type\":\"PING\"}");
    second.expect("PONG");
    assertThat(relay.size()).isEqualTo(1);
  }

  @Test
  void dealRunsFromProposalToCompletion() {
    Peer a = online(alice);
    Peer b = online(bob);
    SignedStatement offer =
        a.state(alice, bound("nonce-0000000000000001"), proposal(bob.id(), "Build X", 10, 50));
    JsonNode received = b.expect("PROPOSAL");
    JsonNode echoed = a.expect("PROPOSAL");
    String id = received.get("id").stringValue();
    assertThat(id).matches("prop_[a-z2-7]{26}");
    assertThat(echoed.get("proposal_id").stringValue()).isEqualTo(id);
    assertThat(echoed.get("sig").stringValue()).isEqualTo(offer.signature().base64());
    assertThat(received.get("index").longValue()).isEqualTo(1);

    b.state(bob, new Scheme.Joined(), new Statement.Accept(id, null, 30));
    assertThat(a.expect("ACCEPT").get("proposer_stake").intValue()).isEqualTo(50);
    assertThat(b.expect("ACCEPT").get("acceptor_stake").intValue()).isEqualTo(30);
    b.state(bob, new Scheme.Joined(), new Statement.Complete(id, "tx:abc"));
    JsonNode complete = a.expect("COMPLETE");
    assertThat(complete.get("rating_changes").get(alice.id().toString()).toString())
        .isEqualTo("{\"oldRating\":1200,\"newRating\":1217,\"change\":17,\"transactions\":1}");
    assertThat(complete.get("rating_changes").get("_escrow").toString())
        .isEqualTo("{\"proposer_stake\":50,\"acceptor_stake\":30,\"settlement\":\"returned\"}");
    b.expect("COMPLETE");
  }

  @Test
  void bountiesAreAnnounced() {
    Peer a = online(alice);
    Peer b = online(bob);
    join(b, "#bounties");
    a.state(alice, new Scheme.Joined(), proposal(bob.id(), "Build X", 10, 50));
    String id = a.expect("PROPOSAL").get("id").stringValue();
    content(
        b,
        "[BOUNTY] %s → %s: \"Build X\" (10 SOL) [stake: 50 ELO] — %s"
            .formatted(alice.id(), bob.id(), id));
  }

  @Test
  void statementsThatDoNotApplyAreRefusedInTheKnownWords() {
    Peer a = online(alice);
    Peer b = online(bob);
    Peer c = online(carol);
    a.state(alice, new Scheme.Joined(), proposal(bob.id(), "t", 0, 0));
    String id = a.expect("PROPOSAL").get("id").stringValue();

    c.state(carol, new Scheme.Joined(), new Statement.Accept(id, null, null));
    assertThat(c.expectError("INVALID_PROPOSAL").get("message").stringValue())
        .isEqualTo("NOT_PROPOSAL_RECIPIENT");
    b.state(bob, new Scheme.Joined(), new Statement.Accept(id, null, 1101));
    assertThat(b.expectError("INSUFFICIENT_REPUTATION").get("message").stringValue())
        .isEqualTo("Insufficient ELO. Available: 1100, Requested: 1101");
    b.state(bob, new Scheme.Joined(), new Statement.Complete(id, null));
    assertThat(b.expectError("INVALID_PROPOSAL").get("message").stringValue())
        .isEqualTo("PROPOSAL_NOT_ACCEPTED");
    b.state(bob, new Scheme.Joined(), new Statement.Accept(id, null, null));
    b.expect("ACCEPT");
    c.state(carol, new Scheme.Joined(), new Statement.Complete(id, null));
    assertThat(c.expectError("INVALID_PROPOSAL").get("message").stringValue())
        .isEqualTo("NOT_PROPOSAL_PARTY");
    b.state(bob, new Scheme.Joined(), new Statement.Accept("prop_unknown", null, null));
    assertThat(b.expectError("PROPOSAL_NOT_FOUND").get("message").stringValue())
        .isEqualTo("Proposal not found");
    b.state(bob, new Scheme.Joined(), new Statement.Reject("prop_unknown", null));
    assertThat(b.expectError("INVALID_PROPOSAL").get("message").stringValue())
        .isEqualTo("PROPOSAL_NOT_FOUND");
    a.state(alice, new Scheme.Joined(), proposal(alice.id(), "self", 0, 0));
    assertThat(a.expectError("INVALID_PROPOSAL").get("message").stringValue())
        .isEqualTo("SELF_PROPOSAL");
    a.state(
        alice, new Scheme.Joined(), proposal(new AgentId("0123456789abcdef"), "stranger", 0, 0));
    a.expectError("AGENT_NOT_FOUND");
    assertThat(relay.size()).isEqualTo(3);
  }

  @Test
  void wrongSignatureIsRefusedAndNothingIsRecorded() {
    Peer a = online(alice);
    online(bob);
    a.state(bob, new Scheme.Joined(), proposal(bob.id(), "t", 0, 0));
    assertThat(a.expectError("VERIFICATION_FAILED").get("message").stringValue())
        .isEqualTo("Invalid signature");
    assertThat(log.size()).isEqualTo(1);
  }

  @Test
  void repeatedStatementIsAnsweredWithItsFirstEntry() {
    Peer a = online(alice);
    online(bob);
    Statement.Proposal offer = proposal(bob.id(), "once", 0, 0);
    SignedStatement signed = a.state(alice, bound("nonce-0000000000000002"), offer);
    a.expect("PROPOSAL");
    a.send(Json.text(ClientMessageCodec.encode(signed)));
    JsonNode error = a.expectError("STATEMENT_REPEATED");
    assertThat(error.get("index").longValue()).isEqualTo(1);
    assertThat(log.size()).isEqualTo(2);
  }

  @Test
  void staleStatementAndOneForAnotherLogAreRefused() {
    Peer a = online(alice);
    online(bob);
    long now = clock.get();
    Statement.Proposal offer = proposal(bob.id(), "t", 0, 0);
    a.state(alice, new Scheme.Bound(ORIGIN, now - 601_000, "nonce-0000000000000003"), offer);
    a.expectError("STATEMENT_STALE");
    a.state(alice, new Scheme.Bound("other.example/log", now, "nonce-0000000000000004"), offer);
    a.expectError("WRONG_ORIGIN");
  }

  @Test
  void ephemeralAgentCannotState() {
    Peer peer = connect();
    peer.send("{\"type\":\"IDENTIFY\",\"name\":\"guest\"}");
    peer.expect("WELCOME");
    peer.state(alice, new Scheme.Joined(), proposal(bob.id(), "t", 0, 0));
    assertThat(peer.expectError("SIGNATURE_REQUIRED").get("message").stringValue())
        .isEqualTo("Proposals require persistent identity");
  }

  @Test
  void proposalReachesAKnownAgentThatIsOffline() {
    Peer a = online(alice);
    Peer b = online(bob);
    a.state(alice, new Scheme.Joined(), proposal(bob.id(), "first", 0, 0));
    b.expect("PROPOSAL");
    b.close();
    await()
        .atMost(Peer.PATIENCE)
        .until(() -> health().get("agents").get("connected").intValue() == 1);
    a.state(alice, new Scheme.Joined(), proposal(bob.id(), "second", 0, 0));
    a.expect("PROPOSAL");
    assertThat(a.expect("PROPOSAL").get("task").stringValue()).isEqualTo("second");
  }

  @Test
  void bothPartiesAreToldWhenAnOfferExpires() {
    Peer a = online(alice);
    Peer b = online(bob);
    a.state(
        alice,
        new Scheme.Joined(),
        new Statement.Proposal(
            bob.id(), "soon", null, null, null, null, JsonNumber.of(5), null, null));
    String id = b.expect("PROPOSAL").get("id").stringValue();
    clock.addAndGet(6_000);
    assertThat(a.expect("EXPIRED").get("proposal_id").stringValue()).isEqualTo(id);
    assertThat(b.expect("EXPIRED").get("status").stringValue()).isEqualTo("expired");
    b.state(bob, new Scheme.Joined(), new Statement.Accept(id, null, null));
    assertThat(b.expectError("INVALID_PROPOSAL").get("message").stringValue())
        .isEqualTo("PROPOSAL_NOT_PENDING");
  }

  @Test
  void logThatIsAwayIsSaidAndTheRelayRecovers() {
    Peer a = online(alice);
    online(bob);
    log.goAway(true);
    a.state(alice, new Scheme.Joined(), proposal(bob.id(), "lost", 0, 0));
    assertThat(a.expectError("LOG_UNAVAILABLE").get("message").stringValue())
        .contains("nothing was recorded");
    log.goAway(false);
    a.state(alice, new Scheme.Joined(), proposal(bob.id(), "kept", 0, 0));
    assertThat(a.expect("PROPOSAL").get("task").stringValue()).isEqualTo("kept");
    assertThat(log.size()).isEqualTo(2);
  }

  @Test
  void errorThatStopsTheFoldIsSaidAndNoStatementIsTaken() throws Exception {
    Peer a = online(alice);
    online(bob);
    log.poison(new OutOfMemoryError("for the test"));
    assertThat(relay.failed().get(60, TimeUnit.SECONDS)).contains("OutOfMemoryError");
    a.state(alice, new Scheme.Joined(), proposal(bob.id(), "lost", 0, 0));
    assertThat(a.expectError("LOG_UNAVAILABLE").get("message").stringValue())
        .contains("nothing was recorded");
    assertThat(health().get("status").stringValue()).isEqualTo("unhealthy");
    assertThat(health().get("reason").stringValue()).contains("OutOfMemoryError");
  }

  @Test
  void statementWithALongTextIsRefused() {
    Peer a = online(alice);
    online(bob);
    a.state(alice, new Scheme.Joined(), proposal(bob.id(), "x".repeat(8_193), 0, 0));
    assertThat(a.expectError("INVALID_MSG").get("message").stringValue())
        .isEqualTo("task too long (max 8192 chars): put its hash here");
  }

  @Test
  void statementTooLargeForTheLogIsRefused() {
    Peer a = online(alice);
    online(bob);
    String wide = "\u0001".repeat(8_192);
    a.state(
        alice,
        new Scheme.Joined(),
        new Statement.Proposal(bob.id(), wide, null, null, null, wide, null, null, null));
    assertThat(a.expectError("INVALID_MSG").get("message").stringValue())
        .contains("too large for the log");
  }

  @Test
  void relayContinuesItsLogAfterARestart() throws Exception {
    Peer a = online(alice);
    online(bob);
    a.state(alice, new Scheme.Joined(), proposal(bob.id(), "kept", 0, 0));
    String id = a.expect("PROPOSAL").get("id").stringValue();
    relay.close();
    relay = relay(RelaySettings.of("127.0.0.1", 0, "test-relay", "ignored.example/other"));
    assertThat(relay.origin()).isEqualTo(ORIGIN);
    Peer b = online(bob);
    b.state(bob, new Scheme.Joined(), new Statement.Accept(id, null, null));
    b.expect("ACCEPT");
  }

  @Test
  void twoRelaysOfOneLogTellTheirOwnPartiesTheSame() throws Exception {
    try (Relay second =
        relay(RelaySettings.of("127.0.0.1", 0, "other-relay", "ignored.example/log"))) {
      Peer a = online(alice);
      Peer b = Peer.identified(second.url(), bob);
      peers.add(b);
      a.state(alice, new Scheme.Joined(), proposal(bob.id(), "knows nobody", 0, 0));
      a.expectError("AGENT_NOT_FOUND");
      Peer b1 = online(bob);
      a.state(alice, new Scheme.Joined(), proposal(bob.id(), "across", 0, 0));
      b1.expect("PROPOSAL");
      assertThat(b.expect("PROPOSAL").get("task").stringValue()).isEqualTo("across");
    }
  }

  @Test
  void slowReaderIsDisconnectedAndOthersHearEverything() throws Exception {
    relay.close();
    relay =
        relay(
            RelaySettings.of("127.0.0.1", 0, "test-relay", ORIGIN)
                .with(RelayLimits.defaults().unmetered()));
    Peer a = online(alice);
    join(a, "#general");
    Peer b = online(bob);
    join(b, "#general");
    try (DeafPeer deaf = new DeafPeer(relay.address(), "#general")) {
      String filler = "y".repeat(20_000);
      for (int i = 0; i < 3_000 && !deaf.isCut(); i++) {
        a.send("{\"type\":\"MSG\",\"to\":\"#general\",\"content\":\"" + i + filler + "\"}");
        int n = i;
        b.expect(f -> f.path("content").asString("").startsWith(n + "y"), "message " + n);
        a.expect(f -> f.path("content").asString("").startsWith(n + "y"), "message " + n);
      }
      await()
          .atMost(Peer.PATIENCE)
          .until(() -> health().get("agents").get("connected").intValue() == 2);
    }
  }

  @Test
  void healthAndMetricsAreServedBesideTheWebSocket() throws Exception {
    online(alice);
    JsonNode health = health();
    assertThat(health.get("status").stringValue()).isEqualTo("healthy");
    assertThat(health.get("agents").get("with_identity").intValue()).isEqualTo(1);
    assertThat(health.get("log").get("size").longValue()).isEqualTo(1);
    assertThat(get("/metrics")).contains("agentchat_relay_connections 1.0");
    assertThat(get("/nope")).isEqualTo("Not Found");
  }

  private JsonNode health() throws Exception {
    return Json.parse(get("/health"));
  }

  private String get(String path) throws Exception {
    URI uri = URI.create(relay.url().replace("ws://", "http://") + path);
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private Peer connect() {
    Peer peer = new Peer(relay.url());
    peers.add(peer);
    return peer;
  }

  private Peer online(Identity identity) {
    Peer peer = Peer.identified(relay.url(), identity);
    peers.add(peer);
    return peer;
  }

  private static void join(Peer peer, String channel) {
    peer.send("{\"type\":\"JOIN\",\"channel\":\"" + channel + "\"}");
    peer.expect("JOINED");
  }

  private static JsonNode content(Peer peer, String content) {
    return peer.expect(f -> f.path("content").asString("").equals(content), content);
  }

  private static String identify(Identity identity) {
    return "{\"type\":\"IDENTIFY\",\"name\":\"%s\",\"pubkey\":%s}"
        .formatted(identity.name(), Json.text(identity.key().pem()));
  }

  private static Scheme bound(String nonce) {
    return new Scheme.Bound(ORIGIN, System.currentTimeMillis(), nonce);
  }

  private static Statement.Proposal proposal(AgentId to, String task, int amount, int stake) {
    @Nullable JsonNumber money = amount == 0 ? null : JsonNumber.of(amount);
    return new Statement.Proposal(
        to, task, money, amount == 0 ? null : "SOL", null, null, null, stake, null);
  }

  static Identity identity(String name, int seed) {
    byte[] bytes = new byte[32];
    bytes[0] = (byte) seed;
    return Identity.ofSeed(name, bytes, Instant.EPOCH);
  }
}
