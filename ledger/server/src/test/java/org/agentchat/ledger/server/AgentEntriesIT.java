package org.agentchat.ledger.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.agentchat.receipt.FileVerifier;
import org.agentchat.receipt.ReceiptCode;
import org.agentchat.receipt.Verification;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.event.EventCodec;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.rating.HistoryEntry;
import org.agentchat.schemas.rating.HistoryHeader;
import org.agentchat.schemas.rating.RatingCertificate;
import org.agentchat.tlog.LogProof;
import org.agentchat.tlog.Policy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The entries that name an agent, as a real ledger serves them, make histories that verify.
class AgentEntriesIT {
  private static final AgentId ANN = Deals.agent(1).id();

  @TempDir private Path folder;

  private TestServer committing(FakeLog log) throws Exception {
    LedgerSettings settings =
        LedgerSettings.of(folder.resolve("ledger.db").toString())
            .withTree(
                TreeSettings.in(folder.resolve("tree")).committingEvery(Duration.ofMillis(50)));
    TestServer server = TestServer.start(settings, log);
    await()
        .atMost(TestServer.PATIENCE)
        .until(() -> server.get("/v1/agents/" + ANN + "/certificate").statusCode() == 200);
    return server;
  }

  private static JsonNode page(TestServer server, AgentId agent, String query) throws Exception {
    String path = "/v1/agents/" + agent + "/entries" + query;
    HttpResponse<String> answer = server.get(path);
    OpenApiIT.requireDocumented("/v1/agents/{id}/entries", path, answer);
    return server.json(path);
  }

  /// A history, put together from pages of so many entries.
  private static String history(TestServer server, AgentId agent, int limit) throws Exception {
    RatingCertificate certificate =
        RatingCertificate.parse(
            server
                .get("/v1/agents/" + agent + "/certificate")
                .body()
                .getBytes(StandardCharsets.UTF_8));
    Event.RatingsCommitted commitment =
        (Event.RatingsCommitted)
            EventCodec.decode(certificate.commitment().getBytes(StandardCharsets.UTF_8));
    long tree = LogProof.parse(certificate.proof()).inclusion().size();
    List<String> lines = new ArrayList<>(List.of(new HistoryHeader(certificate).encode()));
    long from = 0;
    while (from >= 0) {
      JsonNode page =
          page(
              server,
              agent,
              "?from=%d&limit=%d&before=%d&tree=%d"
                  .formatted(from, limit, commitment.size(), tree));
      assertThat(page.path("entries").size()).isLessThanOrEqualTo(limit);
      page.path("entries").values().forEach(entry -> lines.add(line(entry)));
      from = page.path("next").asLong(-1);
    }
    return String.join("\n", lines) + "\n";
  }

  private static String line(JsonNode entry) {
    return new HistoryEntry(
            entry.path("index").longValue(),
            entry.path("event").stringValue(),
            entry.path("path").values().stream().map(JsonNode::stringValue).toList())
        .encode();
  }

  private static Verification verify(TestServer server, String history) throws Exception {
    byte[] policy = server.get("/policy").body().getBytes(StandardCharsets.UTF_8);
    return new FileVerifier(Policy.parse(policy), _ -> Optional.empty())
        .verify(history.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void everyAgentHasAHistoryThatVerifies() throws Exception {
    try (TestServer server = committing(FakeLog.of(Deals.ofEveryKind()))) {
      JsonNode agents = server.json("/v1/agents?limit=1000").path("agents");
      assertThat(agents.size()).isGreaterThan(2);
      for (JsonNode agent : agents) {
        AgentId id = AgentId.of(agent.path("id").stringValue());
        for (int limit : new int[] {1, 7, 1000}) {
          Verification verification = verify(server, history(server, id, limit));

          assertThat(verification.code()).as(verification.message()).isEqualTo(ReceiptCode.OK);
          assertThat(verification.message()).contains("nothing that names it was left out");
        }
      }
    }
  }

  /// Under the name of any key that the agent has or had.
  @Test
  void laterKeyLeadsToTheSameEntries() throws Exception {
    AgentId eve = Deals.agent(3).id();
    AgentId latest = Deals.agent(5).id();
    try (TestServer server = TestServer.published(folder, FakeLog.of(Deals.ofEveryKind()))) {
      JsonNode byFirst = page(server, eve, "?limit=1000");
      assertThat(byFirst.path("first_id").stringValue()).isEqualTo(eve.toString());
      assertThat(byFirst.path("id").stringValue()).isEqualTo(latest.toString());
      assertThat(page(server, latest, "?limit=1000")).isEqualTo(byFirst);
      assertThat(page(server, latest, "?limit=2").path("next"))
          .isEqualTo(byFirst.path("entries").get(2).path("index"));
    }
  }

  @Test
  void entriesBeyondTheTreeOrTheRowsAreNotServed() throws Exception {
    FakeLog log = FakeLog.of(Deals.ofEveryKind());
    try (TestServer server = TestServer.published(folder, log)) {
      String path = "/v1/agents/" + ANN + "/entries";
      long size = log.size();
      assertThat(server.get(path + "?tree=" + (size + 1)).statusCode()).isEqualTo(503);
      assertThat(server.get(path + "?before=" + (size + 1)).statusCode()).isEqualTo(400);
      assertThat(server.get(path + "?tree=5&before=6").statusCode()).isEqualTo(400);
      assertThat(server.get(path + "?tree=0").statusCode()).isEqualTo(400);
      assertThat(server.get("/v1/agents/nobody/entries").statusCode()).isEqualTo(404);
      JsonNode five = page(server, ANN, "?tree=5");
      assertThat(five.path("entries").values())
          .isNotEmpty()
          .allMatch(entry -> entry.path("index").longValue() < 5);
    }
    Path other = folder.resolve("other.db");
    try (TestServer server = TestServer.ready(other, FakeLog.of(Deals.ofEveryKind()))) {
      assertThat(server.get("/v1/agents/" + ANN + "/entries").statusCode()).isEqualTo(404);
    }
  }

  /// An agent that says something once in a while, in a log of others: a page reads 64 bundles.
  @Test
  void pageEndsEarlyWhenEntriesLieFarApart() throws Exception {
    int entries = 70;
    Deals deals = Deals.begun();
    for (int i = 0; i < entries; i++) {
      deals.later(1).state(Deals.agent(1), Deals.skills("code"));
      for (int tick = 0; tick < 255; tick++) {
        deals.tick();
      }
    }
    try (TestServer server = committing(FakeLog.of(deals))) {
      JsonNode first = page(server, ANN, "?limit=1000");

      assertThat(first.path("entries")).hasSize(64);
      long next = first.path("next").longValue();
      JsonNode second = page(server, ANN, "?limit=1000&from=" + next);
      assertThat(second.path("entries")).hasSize(entries - 64);
      assertThat(second.path("next").isNull()).isTrue();
      Verification verification = verify(server, history(server, ANN, 1000));
      assertThat(verification.message()).endsWith("left out: %d entries".formatted(entries));
    }
  }
}
