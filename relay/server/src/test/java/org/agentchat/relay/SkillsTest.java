package org.agentchat.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.agentchat.ledger.VerifiedEvents;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.json.JsonText;
import org.agentchat.schemas.statement.RegisterSkills;
import org.agentchat.schemas.statement.Scheme;
import org.agentchat.schemas.statement.SignedStatement;
import org.agentchat.schemas.statement.Statement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// The skills registry over real sockets (protocol.md section 15).
final class SkillsTest {
  private static final String ORIGIN = "test.example/log";
  private static final RegisterSkills TWO =
      skills(
          "{\"capability\":\"code_review\",\"description\":\"reviews\",\"rate\":5,"
              + "\"currency\":\"TEST\"}",
          "{\"capability\":\"data_analysis\",\"rate\":50,\"currency\":\"SOL\"}");

  private final Identity alice = identity("alice", 1);
  private final Identity bob = identity("bob", 2);

  /// The relay's; it stands still, so that a rate lets as much through on a slow machine.
  private final AtomicLong clock = new AtomicLong(System.currentTimeMillis());

  private final MemoryLog log = new MemoryLog();
  private final List<Peer> peers = new ArrayList<>();
  private Relay relay;

  @BeforeEach
  void start() throws Exception {
    relay =
        Relay.start(
            RelaySettings.of("127.0.0.1", 0, "test-relay", ORIGIN),
            log,
            new VerifiedEvents(),
            clock::get);
  }

  @AfterEach
  void stop() {
    peers.forEach(Peer::close);
    relay.close();
  }

  @Test
  void listIsAnsweredOnceItIsInTheLogAndAnnouncedInDiscovery() {
    Peer a = online(alice);
    Peer b = online(bob);
    join(b, "#discovery");
    SignedStatement signed = b.state(bob, new Scheme.Joined(), TWO);

    JsonNode answer = b.expect("SKILLS_REGISTERED");
    assertThat(answer.propertyNames())
        .containsExactly("type", "ts", "agent_id", "skills_count", "registered_at", "sig", "index");
    assertThat(answer.path("agent_id").stringValue()).isEqualTo(bob.id().toString());
    assertThat(answer.path("skills_count").intValue()).isEqualTo(2);
    assertThat(answer.path("sig").stringValue()).isEqualTo(signed.signature().base64());
    assertThat(answer.path("index").longValue()).isEqualTo(1);
    assertThat(log.size()).isEqualTo(2);
    String said = "Agent " + bob.id() + " registered 2 skill(s): code_review, data_analysis";
    b.expect(frame -> frame.path("content").asString("").equals(said), said);
    join(a, "#discovery");
    a.send("{\"type\":\"PING\"}");
    a.expect("PONG");
    assertThat(a.rest()).noneMatch(frame -> frame.path("content").asString("").equals(said));
  }

  @Test
  void listIsTakenWithEitherSignatureThatClientsMake() {
    Peer a = online(alice);
    String bare = alice.sign(TWO.skills().text().getBytes(StandardCharsets.UTF_8)).base64();
    a.send(
        "{\"type\":\"REGISTER_SKILLS\",\"skills\":%s,\"sig\":\"%s\"}"
            .formatted(TWO.skills().text(), bare));
    assertThat(a.expect("SKILLS_REGISTERED").path("sig").stringValue()).isEqualTo(bare);
    a.state(alice, bound("nonce-0000000000000001"), TWO);
    assertThat(a.expect("SKILLS_REGISTERED").path("index").longValue()).isEqualTo(2);
    a.send(
        "{\"type\":\"REGISTER_SKILLS\",\"skills\":[{\"capability\":\"x\"}],\"sig\":\"%s\"}"
            .formatted(bare));
    assertThat(a.expectError("VERIFICATION_FAILED").path("message").stringValue())
        .isEqualTo("Invalid signature");
  }

  @Test
  void agentWithoutAKeyRegistersNothing() {
    Peer guest = guest();
    guest.send(
        "{\"type\":\"REGISTER_SKILLS\",\"skills\":[{\"capability\":\"x\"}],\"sig\":\"eA==\"}");
    assertThat(guest.expectError("SIGNATURE_REQUIRED").path("message").stringValue())
        .isEqualTo("Skill registration requires persistent identity");
  }

  @Test
  void searchAnswersAsTheReferenceDid() {
    Peer b = online(bob);
    b.state(bob, new Scheme.Joined(), TWO);
    long at = b.expect("SKILLS_REGISTERED").path("registered_at").longValue();
    Peer guest = guest();
    String query = "{\"capability\":\"CODE\",\"max_rate\":10,\"currency\":\"test\"}";
    guest.send("{\"type\":\"SEARCH_SKILLS\",\"query\":" + query + ",\"query_id\":\"q_1\"}");

    JsonNode answer = guest.expect("SEARCH_RESULTS");
    assertThat(answer.propertyNames())
        .containsExactly("type", "ts", "query_id", "query", "results", "total");
    assertThat(answer.path("query_id").stringValue()).isEqualTo("q_1");
    assertThat(Json.text(answer.path("query"))).isEqualTo(query);
    assertThat(answer.path("total").intValue()).isEqualTo(1);
    assertThat(Json.text(answer.path("results").get(0)))
        .isEqualTo(
            "{\"agent_id\":\"%s\",\"capability\":\"code_review\",\"description\":\"reviews\","
                    .formatted(bob.id())
                + "\"rate\":5,\"currency\":\"TEST\",\"registered_at\":%d,".formatted(at)
                + "\"agent_rating\":1200,\"agent_transactions\":0,\"skill_rating\":1200,"
                + "\"skill_transactions\":0,\"skill_updated\":null}");
  }

  @Test
  void totalCountsWhatTheLimitLeavesOut() {
    Peer b = online(bob);
    b.state(bob, new Scheme.Joined(), TWO);
    b.expect("SKILLS_REGISTERED");
    JsonNode answer = search(b, "{\"limit\":1}");

    assertThat(answer.path("query_id").isNull()).isTrue();
    assertThat(answer.path("total").intValue()).isEqualTo(2);
    assertThat(answer.path("results").size()).isEqualTo(1);
    assertThat(search(b, "{\"capability\":\"nothing\"}").path("total").intValue()).isZero();
  }

  @Test
  void laterListReplacesTheEarlierOne() {
    Peer b = online(bob);
    b.state(bob, new Scheme.Joined(), TWO);
    b.expect("SKILLS_REGISTERED");
    b.state(bob, new Scheme.Joined(), skills("{\"capability\":\"translation\"}"));
    b.expect("SKILLS_REGISTERED");

    JsonNode answer = search(b, "{}");
    assertThat(answer.path("total").intValue()).isEqualTo(1);
    assertThat(answer.at("/results/0/capability").stringValue()).isEqualTo("translation");
  }

  /// A deal in the capability moves the skill's rating, and with it the place in the results.
  @Test
  void bestRatedInTheSkillComesFirst() {
    Peer a = online(alice);
    Peer b = online(bob);
    a.state(alice, new Scheme.Joined(), skills("{\"capability\":\"code\"}"));
    a.expect("SKILLS_REGISTERED");
    clock.incrementAndGet();
    b.state(bob, new Scheme.Joined(), skills("{\"capability\":\"code\"}"));
    b.expect("SKILLS_REGISTERED");
    assertThat(search(a, "{}").at("/results/0/agent_id").stringValue())
        .as("the later list")
        .isEqualTo(bob.id().toString());

    a.state(alice, new Scheme.Joined(), offer("code"));
    String id = b.expect("PROPOSAL").path("id").stringValue();
    b.state(bob, new Scheme.Joined(), new Statement.Accept(id, null, null));
    b.expect("ACCEPT");
    a.state(alice, new Scheme.Joined(), new Statement.Dispute(id, "nothing came"));
    a.expect("DISPUTE");

    JsonNode answer = search(a, "{\"capability\":\"code\"}");
    JsonNode best = answer.at("/results/0");
    assertThat(best.path("agent_id").stringValue()).isEqualTo(alice.id().toString());
    assertThat(best.path("skill_rating").intValue()).isEqualTo(1208);
    assertThat(best.path("skill_transactions").intValue()).isEqualTo(1);
    assertThat(best.path("skill_updated").stringValue()).matches("20[^ ]+Z");
    assertThat(answer.at("/results/1/skill_rating").intValue()).isEqualTo(1184);
    assertThat(answer.at("/results/1/agent_rating").intValue()).isEqualTo(1184);
  }

  @Test
  void registryIsThereAfterARestart() throws Exception {
    Peer b = online(bob);
    b.state(bob, new Scheme.Joined(), TWO);
    b.expect("SKILLS_REGISTERED");
    relay.close();
    relay =
        Relay.start(
            RelaySettings.of("127.0.0.1", 0, "test-relay", ORIGIN), log, new VerifiedEvents());

    assertThat(search(guest(), "{}").path("total").intValue()).isEqualTo(2);
  }

  @Test
  void searchesAreLimitedLikeOtherRequests() {
    Peer b = online(bob);
    for (int i = 0; i < 21; i++) {
      b.send("{\"type\":\"SEARCH_SKILLS\",\"query\":{}}");
    }
    assertThat(b.expectError("RATE_LIMITED").path("message").stringValue())
        .contains("SEARCH_SKILLS per second");
    b.send("{\"type\":\"PING\"}");
    b.expect("PONG");
  }

  @Test
  void searchNeedsAnIdentityAndItsFieldsTheirTypes() {
    Peer stranger = connect();
    stranger.send("{\"type\":\"SEARCH_SKILLS\",\"query\":{}}");
    stranger.expectError("AUTH_REQUIRED");
    Peer b = online(bob);
    b.state(bob, new Scheme.Joined(), TWO);
    b.expect("SKILLS_REGISTERED");
    b.send("{\"type\":\"SEARCH_SKILLS\",\"query\":{\"capability\":1,\"currency\":2}}");
    b.expectError("INVALID_MSG");
    b.send("{\"type\":\"REGISTER_SKILLS\",\"skills\":[null],\"sig\":\"x\"}");
    assertThat(b.expectError("INVALID_MSG").path("message").stringValue())
        .isEqualTo("Each skill must have a capability string");
  }

  private static JsonNode search(Peer peer, String query) {
    peer.send("{\"type\":\"SEARCH_SKILLS\",\"query\":" + query + "}");
    return peer.expect("SEARCH_RESULTS");
  }

  private Statement.Proposal offer(@Nullable String capability) {
    return new Statement.Proposal(bob.id(), "task", null, null, null, null, null, null, capability);
  }

  private static RegisterSkills skills(String... skills) {
    return new RegisterSkills(new JsonText("[" + String.join(",", skills) + "]"));
  }

  private static Scheme bound(String nonce) {
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

  private Peer guest() {
    Peer peer = connect();
    peer.send("{\"type\":\"IDENTIFY\",\"name\":\"guest\"}");
    peer.expect("WELCOME");
    return peer;
  }

  private static void join(Peer peer, String channel) {
    peer.send("{\"type\":\"JOIN\",\"channel\":\"" + channel + "\"}");
    peer.expect("JOINED");
  }

  private static Identity identity(String name, int seed) {
    byte[] bytes = new byte[32];
    bytes[0] = (byte) seed;
    return Identity.ofSeed(name, bytes, Instant.EPOCH);
  }
}
