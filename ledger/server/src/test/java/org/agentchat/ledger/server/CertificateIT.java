package org.agentchat.ledger.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.agentchat.receipt.RatingCertificateVerifier;
import org.agentchat.receipt.ReceiptCode;
import org.agentchat.receipt.Verification;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.event.EventCodec;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.rating.RatingCertificate;
import org.agentchat.schemas.rating.RatingLeaf;
import org.agentchat.tlog.Policy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Rating certificates from a real ledger, and from somebody who has been at them.
class CertificateIT {
  private static final AgentId ANN = Deals.agent(1).id();

  @TempDir private Path folder;
  private final FakeLog log = FakeLog.of(Deals.ofEveryKind());
  private TestServer server;
  private Policy policy;

  @BeforeEach
  void start() throws Exception {
    server = committing("one");
    policy = policy(server);
  }

  /// A ledger of its own on the log, with a key of its own.
  private TestServer committing(String name) {
    LedgerSettings settings =
        LedgerSettings.of(folder.resolve(name + ".db").toString())
            .withTree(TreeSettings.in(folder.resolve(name)).committingEvery(Duration.ofMillis(50)));
    TestServer started = TestServer.start(settings, log);
    await()
        .atMost(TestServer.PATIENCE)
        .until(() -> started.get("/v1/agents/" + ANN + "/certificate").statusCode() == 200);
    return started;
  }

  private static Policy policy(TestServer ledger) throws Exception {
    return Policy.parse(ledger.get("/policy").body().getBytes(StandardCharsets.UTF_8));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private String certificate(AgentId agent) throws Exception {
    return certificate(server, agent);
  }

  private static String certificate(TestServer ledger, AgentId agent) throws Exception {
    HttpResponse<String> answer = ledger.get("/v1/agents/" + agent + "/certificate");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer.body();
  }

  private Verification verify(String file) {
    return new RatingCertificateVerifier(policy, _ -> Optional.empty())
        .verify(file.getBytes(StandardCharsets.UTF_8));
  }

  private void assertRejected(ReceiptCode code, String file) {
    assertThat(verify(file).code()).isEqualTo(code);
  }

  @Test
  void ratingIsProvedOffline() throws Exception {
    Verification verification = verify(certificate(ANN));

    assertThat(verification.code()).as(verification.message()).isEqualTo(ReceiptCode.OK);
    int rating = server.json("/v1/agents/" + ANN).path("rating").intValue();
    assertThat(verification.message()).isEqualTo("%s had %d points".formatted(ANN, rating));
    assertThat(verification.proved()).hasSize(3);
    assertThat(verification.notProved()).isNotEmpty();
  }

  @Test
  void absenceIsProvedToo() throws Exception {
    AgentId nobody = AgentId.of("@00000000000000ff");

    Verification verification = verify(certificate(nobody));

    assertThat(verification.code()).as(verification.message()).isEqualTo(ReceiptCode.OK);
    assertThat(verification.message()).isEqualTo(nobody + " was not known");
  }

  @Test
  void everyAlterationIsFound() throws Exception {
    String good = certificate(ANN);
    RatingCertificate file = RatingCertificate.parse(good.getBytes(StandardCharsets.UTF_8));
    RatingLeaf leaf =
        RatingLeaf.of(
            Optional.ofNullable(file.leaf()).orElseThrow().getBytes(StandardCharsets.UTF_8));
    String more = "\\\"rating\\\":" + (leaf.rating() + 100) + ",\\\"revoked";
    String as = "\\\"rating\\\":" + leaf.rating() + ",\\\"revoked";

    assertThat(good).contains(as);
    assertRejected(ReceiptCode.NOT_INCLUDED, good.replace(as, more));
    assertRejected(
        ReceiptCode.CLAIM_DIFFERS,
        good.replace("\"agent\" : \"" + ANN, "\"agent\" : \"" + Deals.agent(2).id()));
    assertRejected(
        ReceiptCode.NOT_INCLUDED, good.replaceFirst("\"leaf\" : \".*\",\n", "\"leaf\" : null,\n"));
    assertRejected(ReceiptCode.MALFORMED, good.replace("\"path\"", "\"pathe\""));
    assertRejected(ReceiptCode.UNKNOWN_FORMAT, good.replace("rating/1", "rating/2"));
    assertRejected(
        ReceiptCode.BAD_STATEMENT_SIGNATURE,
        good.replaceFirst("(\\\\\"size\\\\\":)([0-9]+)", "$11$2"));
    assertRejected(ReceiptCode.WRONG_INDEX, good.replaceFirst("index ([0-9]+)", "index 1"));
    String sibling = file.path().siblings().getFirst();
    String other = (sibling.charAt(0) == 'a' ? 'b' : 'a') + sibling.substring(1);
    assertRejected(ReceiptCode.NOT_INCLUDED, good.replace(sibling, other));
  }

  @Test
  void commitmentThatNoAuditJudgesIsNotBelieved() throws Exception {
    String file = certificate(ANN);
    String text = RatingCertificate.parse(file.getBytes(StandardCharsets.UTF_8)).commitment();
    Event.RatingsCommitted commitment =
        (Event.RatingsCommitted) EventCodec.decode(text.getBytes(StandardCharsets.UTF_8));
    long size = commitment.size();

    assertThat(commitment.isJudgedAt(size)).isTrue();
    assertThat(commitment.isJudgedAt(size + Event.RatingsCommitted.WINDOW - 1)).isTrue();
    assertThat(commitment.isJudgedAt(size + Event.RatingsCommitted.WINDOW)).isFalse();
    // An entry before those that it commits to, in the same tree.
    assertRejected(
        ReceiptCode.WRONG_INDEX, file.replaceFirst("index [0-9]+", "index " + (size - 1)));
  }

  @Test
  void strangersKeyIsNotBelieved() throws Exception {
    policy = Policy.parse("quorum none\n".getBytes(StandardCharsets.UTF_8));

    assertRejected(ReceiptCode.UNKNOWN_LOG, certificate(ANN));
  }

  @Test
  void everyLedgerOfALogCertifiesForItself() throws Exception {
    try (TestServer other = committing("other")) {
      String own = certificate(ANN);
      String others = certificate(other, ANN);

      assertThat(verify(own).isOk()).isTrue();
      assertRejected(ReceiptCode.UNKNOWN_LOG, others);
      policy = policy(other);
      assertThat(verify(others).isOk()).isTrue();
      assertRejected(ReceiptCode.UNKNOWN_LOG, own);
    }
  }

  @Test
  void ratingThatDoesNotMoveIsNotCommittedToAgain() throws Exception {
    long size = server.ledger().position().size();
    // Several times the pause between two commitments.
    Thread.sleep(500);

    assertThat(server.json("/v1/stats").path("size").longValue()).isEqualTo(size);
  }
}
