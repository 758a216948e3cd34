package org.agentchat.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.agentchat.ledger.VerifiedEvents;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.event.EventCodec;
import org.agentchat.schemas.event.LeafHash;
import org.agentchat.schemas.event.ProposalId;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.message.ClientMessageCodec;
import org.agentchat.schemas.statement.DeploymentStatement;
import org.agentchat.schemas.statement.Scheme;
import org.agentchat.schemas.statement.SignedStatement;
import org.agentchat.schemas.statement.Statement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// What an acceptor says of the machines of a deal, over real sockets.
final class DeploymentFramesTest {
  private static final String ORIGIN = "test.example/log";
  private static final String NETWORK = "akashnet-2";
  private static final String URIS = "a.example.com b.example.com";
  private static final long UNTIL = 1_900_000_000L;

  private final Identity tenant = identity("tenant", 1);
  private final Identity deployer = identity("deployer", 2);
  private final AtomicInteger nonces = new AtomicInteger();
  private final List<Peer> peers = new ArrayList<>();
  private Relay relay;

  @BeforeEach
  void start() throws Exception {
    relay =
        Relay.start(
            RelaySettings.of("127.0.0.1", 0, "test-relay", ORIGIN),
            new MemoryLog(),
            new VerifiedEvents());
  }

  @AfterEach
  void stop() {
    peers.forEach(Peer::close);
    relay.close();
  }

  /// A deal for machines that was accepted.
  private record Deal(Peer from, Peer to, String id) {}

  private Deal agreed() {
    Peer from = online(tenant);
    Peer to = online(deployer);
    String id = offered(from, to, DeploymentStatement.CAPABILITY);
    to.state(deployer, bound(), new Statement.Accept(id, null, null));
    from.expect("ACCEPT");
    to.expect("ACCEPT");
    return new Deal(from, to, id);
  }

  private String offered(Peer from, Peer to, String capability) {
    from.state(
        tenant,
        bound(),
        new Statement.Proposal(
            deployer.id(), "a relay", null, null, null, "{}", null, null, capability));
    return to.expect("PROPOSAL").path("id").stringValue();
  }

  private static String lease(long dseq) {
    String address = "akash1" + "q".repeat(38);
    return "%s/%d/1/1/%s".formatted(address, dseq, address);
  }

  private static DeploymentStatement running(String id, long dseq) {
    return new DeploymentStatement.DeploymentRunning(id, NETWORK, lease(dseq), UNTIL, URIS);
  }

  private static DeploymentStatement closed(String id) {
    return new DeploymentStatement.DeploymentClosed(id, NETWORK, 7_000, "its time is over");
  }

  private static DeploymentStatement failed(String id) {
    return new DeploymentStatement.DeploymentFailed(id, NETWORK, 0, "nobody bid");
  }

  @Test
  void machinesAreToldToBothPartiesFromTheirStartToTheirEnd() {
    Deal deal = agreed();
    SignedStatement started = deal.to().state(deployer, bound(), running(deal.id(), 1_001));
    for (Peer peer : List.of(deal.from(), deal.to())) {
      JsonNode seen = requireOfTheDeal(deal, started, peer.expect("DEPLOYMENT_RUNNING"));
      assertThat(seen.path("lease").stringValue()).isEqualTo(lease(1_001));
      assertThat(seen.path("until").longValue()).isEqualTo(UNTIL);
      assertThat(seen.path("uris").stringValue()).isEqualTo(URIS);
    }
    deal.to().state(deployer, bound(), new Statement.Complete(deal.id(), lease(1_001)));
    deal.from().expect("COMPLETE");

    deal.to().state(deployer, bound(), running(deal.id(), 1_002));
    for (Peer peer : List.of(deal.from(), deal.to())) {
      assertThat(peer.expect("DEPLOYMENT_RUNNING").path("lease").stringValue())
          .isEqualTo(lease(1_002));
    }
    SignedStatement ended = deal.to().state(deployer, bound(), closed(deal.id()));
    for (Peer peer : List.of(deal.from(), deal.to())) {
      JsonNode seen = requireOfTheDeal(deal, ended, peer.expect("DEPLOYMENT_CLOSED"));
      assertThat(seen.path("paid").longValue()).isEqualTo(7_000);
      assertThat(seen.path("reason").stringValue()).isEqualTo("its time is over");
    }
  }

  @Test
  void failureIsToldToBothParties() {
    Deal deal = agreed();
    SignedStatement said = deal.to().state(deployer, bound(), failed(deal.id()));
    for (Peer peer : List.of(deal.from(), deal.to())) {
      JsonNode seen = requireOfTheDeal(deal, said, peer.expect("DEPLOYMENT_FAILED"));
      assertThat(seen.path("paid").longValue()).isZero();
      assertThat(seen.path("reason").stringValue()).isEqualTo("nobody bid");
    }
  }

  private JsonNode requireOfTheDeal(Deal deal, SignedStatement said, JsonNode frame) {
    assertThat(frame.path("proposal_id").stringValue()).isEqualTo(deal.id());
    assertThat(frame.path("from").stringValue()).isEqualTo(tenant.id().toString());
    assertThat(frame.path("to").stringValue()).isEqualTo(deployer.id().toString());
    assertThat(frame.path("network").stringValue()).isEqualTo(NETWORK);
    assertThat(frame.path("sig").stringValue()).isEqualTo(said.signature().base64());
    assertThat(frame.path("index").longValue()).isPositive();
    return frame;
  }

  @Test
  void partyThatWasAwayHearsOfTheMachinesWhenItComesBack() {
    Deal deal = agreed();
    deal.from().close();
    deal.to().state(deployer, bound(), running(deal.id(), 1_001));
    deal.to().expect("DEPLOYMENT_RUNNING");
    deal.to().state(deployer, bound(), closed(deal.id()));
    long last = deal.to().expect("DEPLOYMENT_CLOSED").path("index").longValue();

    Peer back = online(tenant);
    assertThat(back.expect("DEPLOYMENT_RUNNING").path("index").longValue()).isEqualTo(last - 1);
    assertThat(back.expect("DEPLOYMENT_CLOSED").path("index").longValue()).isEqualTo(last);
  }

  @Test
  void nobodyButTheAcceptorIsBelieved() {
    Deal deal = agreed();
    deal.from().state(tenant, bound(), running(deal.id(), 1_001));

    assertThat(refused(deal.from()))
        .isEqualTo(
            "NOT_DEPLOYER: %s is not the one that %s asks for machines"
                .formatted(tenant.id(), deal.id()));
  }

  @Test
  void dealOfAnotherKindHasNoMachines() {
    Deal deal = agreed();
    String other = offered(deal.from(), deal.to(), "painting");
    for (String id : List.of(other, "prop_unknown")) {
      deal.to().state(deployer, bound(), running(id, 1_001));
      assertThat(refused(deal.to()))
          .isEqualTo(
              "DEPLOYMENT_NOT_FOUND: no proposal %s of the capability deploy.akash".formatted(id));
    }
  }

  @Test
  void whatCannotHaveHappenedIsRefusedInWordsThatSayWhatIsKnown() {
    Deal deal = agreed();
    String pending = offered(deal.from(), deal.to(), DeploymentStatement.CAPABILITY);
    deal.to().state(deployer, bound(), running(pending, 1_001));
    assertThat(refused(deal.to()))
        .isEqualTo("DEPLOYMENT_OUT_OF_ORDER: DEPLOYMENT_RUNNING of a deal that is pending");

    deal.to().state(deployer, bound(), closed(deal.id()));
    assertThat(refused(deal.to()))
        .isEqualTo(
            "DEPLOYMENT_OUT_OF_ORDER: DEPLOYMENT_CLOSED of a deployment that was never said to"
                + " run");

    deal.to().state(deployer, bound(), running(deal.id(), 1_001));
    deal.to().expect("DEPLOYMENT_RUNNING");
    deal.to().state(deployer, bound(), failed(deal.id()));
    assertThat(refused(deal.to()))
        .isEqualTo(
            "DEPLOYMENT_OUT_OF_ORDER: DEPLOYMENT_FAILED on akashnet-2 of a deployment on"
                + " akashnet-2 that is running");
    deal.to()
        .state(
            deployer,
            bound(),
            new DeploymentStatement.DeploymentClosed(deal.id(), "sandbox-2", 0, "gone"));
    assertThat(refused(deal.to()))
        .isEqualTo(
            "DEPLOYMENT_OUT_OF_ORDER: DEPLOYMENT_CLOSED on sandbox-2 of a deployment on"
                + " akashnet-2 that is running");
  }

  private static String refused(Peer peer) {
    return peer.expectError("DEPLOYMENT_REFUSED").path("message").stringValue();
  }

  /// A frame whose answer was lost is safe to repeat: it is recorded once, and the answer says
  /// where.
  @Test
  void repeatedFrameIsAnsweredWithTheIndexOfTheFirst() {
    Deal deal = agreed();
    SignedStatement signed = SignedStatement.sign(deployer, bound(), running(deal.id(), 1_001));
    String frame = Json.text(ClientMessageCodec.encode(signed).put("client_msg_id", "machines-1"));
    deal.to().send(frame);
    long index = deal.to().expect("DEPLOYMENT_RUNNING").path("index").longValue();
    deal.to().send(frame);

    requireRepeated(deal.to().expectError("STATEMENT_REPEATED"), "machines-1", index);
    String anew =
        Json.text(
            ClientMessageCodec.encode(
                    SignedStatement.sign(deployer, bound(), running(deal.id(), 1_001)))
                .put("client_msg_id", "machines-2"));
    deal.to().send(anew);
    JsonNode error = deal.to().expectError("STATEMENT_REPEATED");
    requireRepeated(error, "machines-2", index);
    assertThat(error.path("message").stringValue())
        .isEqualTo("DEPLOYMENT_RUNNING of this deal is recorded at index " + index);

    deal.to().state(deployer, bound(), closed(deal.id()));
    deal.from().expect("DEPLOYMENT_RUNNING");
    JsonNode next =
        deal.from()
            .expect(
                f -> f.path("type").asString("").startsWith("DEPLOYMENT_"), "a DEPLOYMENT_ frame");
    assertThat(next.path("type").stringValue()).isEqualTo("DEPLOYMENT_CLOSED");
    assertThat(next.path("index").longValue()).isEqualTo(index + 1);
  }

  private static void requireRepeated(JsonNode error, String clientMsgId, long index) {
    assertThat(error.path("client_msg_id").stringValue()).isEqualTo(clientMsgId);
    assertThat(error.path("index").longValue()).isEqualTo(index);
  }

  @Test
  void whatIsNotSignedForThisLogByItsSenderIsRefused() {
    Deal deal = agreed();
    deal.to().send(Json.text(closed(deal.id()).json()));
    assertThat(deal.to().expectError("INVALID_MSG").path("message").stringValue())
        .isEqualTo("Deployment observations must be signed");

    Scheme elsewhere = new Scheme.Bound("other.example/log", System.currentTimeMillis(), nonce());
    deal.to().state(deployer, elsewhere, closed(deal.id()));
    assertThat(deal.to().expectError("WRONG_ORIGIN").path("message").stringValue())
        .isEqualTo("Signed for other.example/log, this log is " + ORIGIN);

    Scheme longAgo = new Scheme.Bound(ORIGIN, 1_000, nonce());
    deal.to().state(deployer, longAgo, closed(deal.id()));
    deal.to().expectError("STATEMENT_STALE");

    deal.from().state(deployer, bound(), closed(deal.id()));
    assertThat(deal.from().expectError("VERIFICATION_FAILED").path("message").stringValue())
        .isEqualTo("Invalid signature");
  }

  @Test
  void guestCannotSpeakOfMachines() {
    Deal deal = agreed();
    Peer guest = new Peer(relay.url());
    peers.add(guest);
    guest.send("{\"type\":\"IDENTIFY\",\"name\":\"guest\"}");
    guest.expect("WELCOME");
    guest.state(deployer, bound(), failed(deal.id()));

    assertThat(guest.expectError("SIGNATURE_REQUIRED").path("message").stringValue())
        .isEqualTo("Deployment observations require persistent identity");
  }

  @Test
  void acceptorThatHasToldOfTooManyDeploymentsMustWait() throws Exception {
    relay.close();
    relay =
        Relay.start(
            RelaySettings.of("127.0.0.1", 0, "test-relay", ORIGIN),
            fullOfDeployments(),
            new VerifiedEvents());
    Deal deal = agreed();
    deal.to().state(deployer, bound(), running(deal.id(), 1_001));

    assertThat(deal.to().expectError("RATE_LIMITED").path("message").stringValue())
        .isEqualTo(deployer.id() + " has told of 1000 deployments, the most that are remembered");
  }

  /// A log of an hour ago in which the deployer has failed as often as anybody remembers.
  private MemoryLog fullOfDeployments() {
    MemoryLog log = new MemoryLog();
    long at = System.currentTimeMillis() - 3_600_000;
    log.append(EventCodec.encode(new Event.Genesis(at, "old-relay", ORIGIN))).join();
    for (int i = 0; i < 1_000; i++) {
      Statement offer =
          new Statement.Proposal(
              deployer.id(),
              "a relay",
              null,
              null,
              null,
              "{}",
              null,
              null,
              DeploymentStatement.CAPABILITY);
      String id = ProposalId.of(LeafHash.of(append(log, at, tenant, offer, deployer)));
      append(log, at, deployer, new Statement.Accept(id, null, null), null);
      append(log, at, deployer, failed(id), null);
      append(log, at, deployer, new Statement.Complete(id, null), null);
    }
    return log;
  }

  private byte[] append(
      MemoryLog log, long at, Identity by, Statement statement, @Nullable Identity recipient) {
    SignedStatement signed =
        SignedStatement.sign(by, new Scheme.Bound(ORIGIN, at, nonce()), statement);
    byte[] event =
        EventCodec.encode(
            new Event.Stated(at, "old-relay", signed, recipient == null ? null : recipient.key()));
    log.append(event).join();
    return event;
  }

  private Scheme bound() {
    return new Scheme.Bound(ORIGIN, System.currentTimeMillis(), nonce());
  }

  private String nonce() {
    return "nonce-%016d".formatted(nonces.incrementAndGet());
  }

  private Peer online(Identity identity) {
    Peer peer = Peer.identified(relay.url(), identity);
    peers.add(peer);
    return peer;
  }

  private static Identity identity(String name, int seed) {
    byte[] bytes = new byte[32];
    bytes[0] = (byte) seed;
    return Identity.ofSeed(name, bytes, Instant.EPOCH);
  }
}
