package org.agentchat.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.agentchat.ledger.VerifiedEvents;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.json.JsonText;
import org.agentchat.schemas.statement.KeyStatement;
import org.agentchat.schemas.statement.RegisterSkills;
import org.agentchat.schemas.statement.Scheme;
import org.agentchat.schemas.statement.SignedStatement;
import org.agentchat.schemas.statement.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Keys that follow each other and end, over real sockets.
final class KeysTest {
  private static final String ORIGIN = "test.example/log";

  private final Identity alice = identity("alice", 1);
  private final Identity later = identity("alice", 2);
  private final Identity bob = identity("bob", 3);
  private final AtomicInteger nonces = new AtomicInteger();
  private final MemoryLog log = new MemoryLog();
  private final List<Peer> peers = new ArrayList<>();
  private Relay relay;

  @BeforeEach
  void start() throws Exception {
    relay = relay("test-relay");
  }

  private Relay relay(String name) throws Exception {
    return Relay.start(RelaySettings.of("127.0.0.1", 0, name, ORIGIN), log, new VerifiedEvents());
  }

  @AfterEach
  void stop() {
    peers.forEach(Peer::close);
    relay.close();
  }

  @Test
  void rotationIsAnsweredAndEndsTheConnectionOfTheOldKey() {
    Peer a = online(alice);
    SignedStatement signed = a.state(alice, bound(), rotation());

    JsonNode answer = a.expect("KEY_ROTATED");
    assertThat(answer.path("agent_id").stringValue()).isEqualTo(alice.id().toString());
    assertThat(answer.path("new_agent_id").stringValue()).isEqualTo(later.id().toString());
    assertThat(answer.path("sig").stringValue()).isEqualTo(signed.signature().base64());
    assertThat(answer.path("index").longValue()).isEqualTo(1);
    await().atMost(Peer.PATIENCE).until(() -> a.closeCode() == 1000);
    assertThat(a.closeReason()).isEqualTo("Key rotated: identify as " + later.id());
  }

  @Test
  void rotatedKeyIsNotLetInAndTheSocketStaysOpenForTheNewOne() {
    rotate();
    Peer peer = connect();
    identify(peer, alice);
    assertThat(peer.expectError("NOT_ALLOWED").path("message").stringValue())
        .isEqualTo(
            "The key of %s was rotated at index 1: identify with the key of %s"
                .formatted(alice.id(), later.id()));

    identify(peer, later);
    assertThat(peer.expect("WELCOME").path("agent_id").stringValue())
        .isEqualTo(later.id().toString());
  }

  @Test
  void dealIsToldToTheKeyOfTodayAndEndedByIt() {
    Peer b = online(bob);
    Peer a = online(alice);
    a.state(alice, bound(), offer(bob.id()));
    String id = b.expect("PROPOSAL").path("id").stringValue();
    a.state(alice, bound(), rotation());
    a.expect("KEY_ROTATED");
    Peer next = online(later);

    b.state(bob, bound(), new Statement.Accept(id, null, null));
    assertThat(next.expect("ACCEPT").path("from").stringValue()).isEqualTo(alice.id().toString());
    b.expect("ACCEPT");
    next.state(later, bound(), new Statement.Complete(id, null));
    JsonNode complete = b.expect("COMPLETE");
    assertThat(complete.path("completed_by").stringValue()).isEqualTo(later.id().toString());
    assertThat(complete.path("rating_changes").propertyNames())
        .containsExactly(later.id().toString(), bob.id().toString());
    next.expect("COMPLETE");
  }

  @Test
  void whoLooksForTheFormerNameIsToldTheOneOfToday() {
    rotate();
    Peer b = online(bob);
    b.state(bob, bound(), offer(alice.id()));

    assertThat(b.expectError("AGENT_NOT_FOUND").path("message").stringValue())
        .isEqualTo(
            "Agent %s has had another key since index 1: propose to %s"
                .formatted(alice.id(), later.id()));
    b.state(bob, bound(), offer(later.id()));
    b.expect("PROPOSAL");
  }

  @Test
  void skillsAreFoundUnderTheNewName() {
    Peer a = online(alice);
    a.state(alice, bound(), new RegisterSkills(new JsonText("[{\"capability\":\"code\"}]")));
    a.expect("SKILLS_REGISTERED");
    a.state(alice, bound(), rotation());
    a.expect("KEY_ROTATED");
    Peer next = online(later);

    assertThat(search(next).at("/results/0/agent_id").stringValue())
        .isEqualTo(later.id().toString());
    next.state(later, bound(), new KeyStatement.RevokeKey(null));
    next.expect("KEY_REVOKED");
    assertThat(search(online(bob)).path("total").intValue()).isZero();
  }

  @Test
  void connectionAtAnotherRelayIsToldAndClosed() throws Exception {
    try (Relay second = relay("other-relay")) {
      Peer elsewhere = Peer.identified(second.url(), alice);
      peers.add(elsewhere);
      rotate();

      assertThat(elsewhere.expect("KEY_ROTATED").path("new_agent_id").stringValue())
          .isEqualTo(later.id().toString());
      await().atMost(Peer.PATIENCE).until(() -> elsewhere.closeCode() == 1000);
    }
  }

  @Test
  void revokedKeyIsNotLetInAgain() {
    Peer a = online(alice);
    a.state(alice, bound(), new KeyStatement.RevokeKey("stolen"));
    JsonNode answer = a.expect("KEY_REVOKED");
    assertThat(answer.path("reason").stringValue()).isEqualTo("stolen");
    await().atMost(Peer.PATIENCE).until(() -> a.closeCode() == 1000);

    Peer peer = connect();
    identify(peer, alice);
    assertThat(peer.expectError("NOT_ALLOWED").path("message").stringValue())
        .isEqualTo("The key of %s was revoked at index 1".formatted(alice.id()));
    Peer b = online(bob);
    b.state(bob, bound(), offer(alice.id()));
    assertThat(b.expectError("AGENT_NOT_FOUND").path("message").stringValue())
        .isEqualTo(
            "The key of agent %s was revoked at index 1, and has no successor"
                .formatted(alice.id()));
  }

  @Test
  void keyThatIsInUseFollowsNobody() {
    Peer b = online(bob);
    b.state(bob, bound(), new RegisterSkills(new JsonText("[{\"capability\":\"code\"}]")));
    b.expect("SKILLS_REGISTERED");
    Peer a = online(alice);
    a.state(alice, bound(), KeyStatement.RotateKey.of(alice, bob, ORIGIN));

    assertThat(a.expectError("VERIFICATION_FAILED").path("message").stringValue())
        .isEqualTo("The key of " + bob.id() + " is in the log already: rotate to a new one");
    a.send("{\"type\":\"PING\"}");
    a.expect("PONG");
  }

  @Test
  void rotationThatTheNewKeyDidNotAgreeToIsRefused() {
    Peer a = online(alice);
    a.state(alice, bound(), new KeyStatement.RotateKey(later.key(), alice.sign(new byte[] {1})));

    a.expectError("VERIFICATION_FAILED");
    assertThat(log.size()).isEqualTo(1);
  }

  @Test
  void oldSchemeCannotChangeKeys() {
    Peer a = online(alice);
    a.send("{\"type\":\"REVOKE_KEY\",\"sig\":\"eA==\"}");

    assertThat(a.expectError("INVALID_MSG").path("message").stringValue())
        .isEqualTo("REVOKE_KEY must be signed under agentchat/2");
  }

  @Test
  void keysAreKnownAfterARestart() throws Exception {
    rotate();
    relay.close();
    relay = relay("test-relay");
    Peer peer = connect();
    identify(peer, alice);
    peer.expectError("NOT_ALLOWED");
  }

  private void rotate() {
    Peer a = online(alice);
    a.state(alice, bound(), rotation());
    a.expect("KEY_ROTATED");
  }

  private Statement rotation() {
    return KeyStatement.RotateKey.of(alice, later, ORIGIN);
  }

  private static Statement.Proposal offer(AgentId to) {
    return new Statement.Proposal(to, "task", null, null, null, null, null, null, null);
  }

  private static JsonNode search(Peer peer) {
    peer.send("{\"type\":\"SEARCH_SKILLS\",\"query\":{}}");
    return peer.expect("SEARCH_RESULTS");
  }

  private Scheme bound() {
    String nonce = "nonce-%016d".formatted(nonces.incrementAndGet());
    return new Scheme.Bound(ORIGIN, System.currentTimeMillis(), nonce);
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

  private static void identify(Peer peer, Identity identity) {
    peer.send(
        "{\"type\":\"IDENTIFY\",\"name\":\"%s\",\"pubkey\":%s}"
            .formatted(identity.name(), Json.text(identity.key().pem())));
    peer.prove(peer.expect("CHALLENGE"), identity);
  }

  private static Identity identity(String name, int seed) {
    byte[] bytes = new byte[32];
    bytes[0] = (byte) seed;
    return Identity.ofSeed(name, bytes, Instant.EPOCH);
  }
}
