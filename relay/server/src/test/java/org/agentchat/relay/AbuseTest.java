package org.agentchat.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.agentchat.ledger.VerifiedEvents;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.statement.Scheme;
import org.agentchat.schemas.statement.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// What clients that ask for too much get, and what the others keep.
final class AbuseTest {
  private static final RelayLimits LIMITS = RelayLimits.defaults();

  private final Identity alice = identity("alice", 1);
  private final Identity bob = identity("bob", 2);

  /// The relay's; it stands still, so that a rate lets as much through on a slow machine.
  private final AtomicLong clock = new AtomicLong(System.currentTimeMillis());

  private final MemoryLog log = new MemoryLog();
  private final List<Peer> peers = new ArrayList<>();
  private Relay relay;

  @BeforeEach
  void start() throws Exception {
    relay = relay(LIMITS);
  }

  private Relay relay(RelayLimits limits) throws Exception {
    return Relay.start(
        RelaySettings.of("127.0.0.1", 0, "test-relay", "test.example/log").with(limits),
        log,
        new VerifiedEvents(),
        clock::get);
  }

  private void restart(RelayLimits limits) throws Exception {
    relay.close();
    relay = relay(limits);
  }

  @AfterEach
  void stop() {
    peers.forEach(Peer::close);
    relay.close();
  }

  @Test
  void largeMessageCostsAsMuchOfTheRateAsManySmallOnes() {
    Peer a = online(alice);
    join(a, "#general");
    say(a, "#general", "x".repeat(10 * 16 * 1024));
    a.expect(f -> f.path("content").asString("").startsWith("x"), "the large message");
    say(a, "#general", "small");
    a.expectError("RATE_LIMITED");
  }

  @Test
  void historyIsBoundedInBytes() throws Exception {
    restart(LIMITS.unmetered());
    Peer a = online(alice);
    join(a, "#agents");
    for (int i = 0; i < 15; i++) {
      say(a, "#agents", i + "x".repeat(100_000));
    }
    say(a, "#agents", "y".repeat(1_100_000));
    say(a, "#agents", "end");
    a.expect(f -> f.path("content").asString("").equals("end"), "the last message");

    Peer b = online(bob);
    join(b, "#agents");
    List<String> replayed = new ArrayList<>();
    b.expect(
        f -> {
          if (f.path("replay").asBoolean(false)) {
            replayed.add(f.get("content").stringValue());
          }
          return f.path("content").asString("").equals("end");
        },
        "the end of the replay");
    assertThat(replayed).hasSize(11);
    assertThat(replayed.getFirst()).startsWith("5x");
  }

  @Test
  void unidentifiedConnectionMaySendSmallFramesOnly() {
    String frame = "{\"type\":\"PING\",\"x\":\"" + "x".repeat(17 * 1024) + "\"}";
    Peer a = online(alice);
    a.send(frame);
    a.expect("PONG");
    Peer stranger = connect();
    stranger.send(frame);
    await().atMost(Peer.PATIENCE).until(() -> stranger.closeCode() >= 0);
    // What of the frame was not read yet may break the line before the close frame arrives.
    assertThat(stranger.closeCode()).isIn(1009, 1006);
  }

  @Test
  void connectionsOfOneAddressAreBounded() throws Exception {
    restart(LIMITS.withConnectionsPerAddress(2));
    online(alice);
    Peer second = connect();
    // A handshake is answered before the connection counts.
    second.send("{\"type\":\"PING\"}");
    second.expect("PONG");
    Peer third = connect();
    await().atMost(Peer.PATIENCE).until(() -> third.closeCode() == 1008);
    assertThat(third.closeReason()).isEqualTo("Too many connections from this IP");
    second.close();
    await()
        .atMost(Peer.PATIENCE)
        .ignoreExceptions()
        .until(() -> {
          Peer next = connect();
          next.send("{\"type\":\"IDENTIFY\",\"name\":\"next\"}");
          return isWelcome(next);
        });
  }

  /// Whether the relay answers, and does not close.
  private static boolean isWelcome(Peer peer) {
    while (peer.closeCode() < 0) {
      if (peer.poll(Duration.ofMillis(20)) != null) {
        return true;
      }
    }
    return false;
  }

  @Test
  void joiningHasARateOfItsOwn() {
    Peer a = online(alice);
    for (int i = 0; i < 21; i++) {
      a.send("{\"type\":\"JOIN\",\"channel\":\"#agents\"}");
    }
    assertThat(a.expectError("RATE_LIMITED").get("message").stringValue())
        .isEqualTo(
            "Rate limit exceeded (max 2 JOIN, LEAVE, LIST_AGENTS or SEARCH_SKILLS per second)");
    say(a, "#agents", "chat goes on");
    a.expect(f -> f.path("content").asString("").equals("chat goes on"), "the message");
  }

  /// What is stated stays for ever, so neither another connection nor another key helps.
  @Test
  void statementsHaveARateOfTheirKeyAndOfTheirAddress() throws Exception {
    restart(LIMITS.with(RelayLimits.Statements.perMinute(4, 6)));
    online(bob).close();
    Peer a = online(alice);
    propose(a);
    a.expect("PROPOSAL");
    clock.incrementAndGet();
    propose(a);
    a.expect("PROPOSAL");
    a.close();
    Peer again = online(alice);
    propose(again);
    assertThat(again.expectError("RATE_LIMITED").get("message").stringValue())
        .isEqualTo("Rate limit exceeded (max 4 statements per minute of one key)");
    Identity carol = identity("carol", 3);
    Peer c = online(carol);
    propose(c, carol);
    c.expect("PROPOSAL");
    propose(c, carol);
    assertThat(c.expectError("RATE_LIMITED").get("message").stringValue())
        .isEqualTo("Rate limit exceeded (max 6 statements per minute from one address)");
    clock.addAndGet(60_000);
    propose(c, carol);
    c.expect("PROPOSAL");
  }

  @Test
  void unansweredChallengeClosesTheConnection() {
    Peer peer = connect();
    peer.send(
        "{\"type\":\"IDENTIFY\",\"name\":\"alice\",\"pubkey\":%s}"
            .formatted(Json.text(alice.key().pem())));
    peer.expect("CHALLENGE");
    clock.addAndGet(61_000);
    assertThat(peer.expectError("VERIFICATION_EXPIRED").get("message").stringValue())
        .isEqualTo("Challenge expired");
    await().atMost(Peer.PATIENCE).until(() -> peer.closeCode() == 1000);
    assertThat(peer.closeReason()).isEqualTo("Challenge expired");
  }

  @Test
  void healthSaysThatTheLogIsAwayUntilItIsBack() {
    Peer a = online(alice);
    online(bob);
    log.goAway(true);
    propose(a);
    a.expectError("LOG_UNAVAILABLE");
    await()
        .atMost(Peer.PATIENCE)
        .until(() -> health().get("status").stringValue(), "unhealthy"::equals);
    log.goAway(false);
    propose(a);
    a.expect("PROPOSAL");
    await()
        .atMost(Peer.PATIENCE)
        .until(() -> health().get("status").stringValue(), "healthy"::equals);
  }

  @Test
  void healthIsMadeOnceASecond() throws Exception {
    // More than once, in case this machine takes longer than a second for two requests.
    await()
        .atMost(Peer.PATIENCE)
        .until(() -> {
          String one = madeAt();
          clock.incrementAndGet();
          return one.equals(madeAt());
        });
    String before = madeAt();
    clock.incrementAndGet();
    await().atMost(Peer.PATIENCE).until(() -> !madeAt().equals(before));
  }

  private String madeAt() throws Exception {
    return health().get("timestamp").stringValue();
  }

  @Test
  void relayThatStopsTellsItsConnectionsAndKeepsWhatWasQueued() {
    Peer a = online(alice);
    join(a, "#general");
    say(a, "#general", "last words");
    a.expect(f -> f.path("content").asString("").equals("last words"), "the echo");
    relay.close();
    await().atMost(Peer.PATIENCE).until(() -> a.closeCode() == 1001);
    assertThat(a.closeReason()).isEqualTo("Server shutting down");
  }

  private void propose(Peer peer) {
    propose(peer, alice);
  }

  private void propose(Peer peer, Identity signer) {
    peer.state(
        signer,
        new Scheme.Joined(),
        new Statement.Proposal(bob.id(), "work", null, null, null, null, null, null, null));
  }

  private JsonNode health() throws Exception {
    URI uri = URI.create(relay.url().replace("ws://", "http://") + "/health");
    return Json.parse(
        HttpClient.newHttpClient()
            .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
            .body());
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

  private static void say(Peer peer, String to, String content) {
    peer.send("{\"type\":\"MSG\",\"to\":\"" + to + "\",\"content\":\"" + content + "\"}");
  }

  private static Identity identity(String name, int seed) {
    byte[] bytes = new byte[32];
    bytes[0] = (byte) seed;
    return Identity.ofSeed(name, bytes, Instant.EPOCH);
  }
}
