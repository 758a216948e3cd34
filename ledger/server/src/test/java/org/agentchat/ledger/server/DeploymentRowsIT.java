package org.agentchat.ledger.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.agentchat.ledger.Entry;
import org.agentchat.ledger.EntryReader;
import org.agentchat.ledger.VerifiedEvents;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.identity.Ed25519Verifier;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.statement.DeploymentStatement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What a ledger says of the machines of deals, in each phase that they can be in.
final class DeploymentRowsIT {
  private static final Identity TENANT = Deals.agent(1);
  private static final Identity DEPLOYER = Deals.agent(2);

  @TempDir private Path folder;

  private TestServer ready(Deals deals) throws Exception {
    return TestServer.ready(folder.resolve("ledger.db"), FakeLog.of(deals));
  }

  private static Map<String, JsonNode> byTask(TestServer server) throws Exception {
    return server
        .json("/v1/proposals?limit=1000")
        .path("proposals")
        .valueStream()
        .filter(proposal ->
            proposal.path("capability").asString("").equals(DeploymentStatement.CAPABILITY))
        .collect(
            Collectors.toMap(
                proposal -> proposal.path("task").stringValue(),
                proposal -> proposal,
                (one, _) -> one,
                TreeMap::new));
  }

  @Test
  void proposalsSayWhatBecameOfTheMachines() throws Exception {
    try (TestServer server = ready(MachineDeals.ofEveryKind())) {
      Map<String, JsonNode> deals = byTask(server);

      Map<String, String> phases = new TreeMap<>();
      deals.forEach(
          (task, deal) -> phases.put(task, deal.at("/deployment/phase").asString("no word")));
      assertThat(phases)
          .isEqualTo(
              Map.of(
                  "closed after its deal", "closed",
                  "nobody bid", "failed",
                  "runs", "running",
                  "ran after all", "running",
                  "nothing said", "no word"));
      assertThat(deals.get("nothing said").path("deployment").isNull()).isTrue();
      JsonNode closed = deals.get("closed after its deal");
      assertThat(closed.path("status").stringValue()).isEqualTo("completed");
      assertThat(closed.at("/deployment/network").stringValue()).isEqualTo(MachineDeals.NETWORK);
      assertThat(closed.at("/deployment/running/type").stringValue())
          .isEqualTo("DEPLOYMENT_RUNNING");
      assertThat(closed.at("/deployment/running/lease").stringValue())
          .isEqualTo(MachineDeals.lease(1_001));
      assertThat(closed.at("/deployment/running/uris").stringValue()).isEqualTo(MachineDeals.URIS);
      assertThat(closed.at("/deployment/running/by").stringValue())
          .isEqualTo(DEPLOYER.id().toString());
      assertThat(closed.at("/deployment/running").has("paid")).isFalse();
      assertThat(closed.at("/deployment/ended/type").stringValue()).isEqualTo("DEPLOYMENT_CLOSED");
      assertThat(closed.at("/deployment/ended/paid").longValue()).isEqualTo(7_250_000);
      assertThat(closed.at("/deployment/ended/reason").stringValue()).isEqualTo(MachineDeals.ODD);
      assertThat(closed.at("/deployment/ended").has("lease")).isFalse();
      assertThat(closed.at("/deployment/changed_at")).isEqualTo(closed.at("/deployment/ended/at"));
    }
  }

  @Test
  void whatNeverRanHasNoLeaseAndPaidNothing() throws Exception {
    try (TestServer server = ready(MachineDeals.ofEveryKind())) {
      JsonNode failed = byTask(server).get("nobody bid").path("deployment");

      assertThat(failed.path("running").isNull()).isTrue();
      assertThat(failed.at("/ended/type").stringValue()).isEqualTo("DEPLOYMENT_FAILED");
      assertThat(failed.at("/ended/paid").isIntegralNumber()).isTrue();
      assertThat(failed.at("/ended/paid").longValue()).isZero();
    }
  }

  /// A day after a failure the fold has forgotten it, and the acceptor may succeed after all.
  @Test
  void machinesThatRunAfterAllHaveNoEnd() throws Exception {
    try (TestServer server = ready(MachineDeals.ofEveryKind())) {
      JsonNode late = byTask(server).get("ran after all").path("deployment");

      assertThat(late.at("/running/lease").stringValue()).isEqualTo(MachineDeals.lease(1_004));
      assertThat(late.path("ended").isNull()).isTrue();
    }
  }

  @Test
  void everyWordIsKeptExactlyAlsoOfMachinesThatWereReplaced() throws Exception {
    try (TestServer server = ready(MachineDeals.ofEveryKind())) {
      JsonNode deal = byTask(server).get("runs");
      String path = "/v1/proposals/" + deal.path("id").stringValue() + "/deployment";
      JsonNode all = server.json(path);
      JsonNode statements = all.path("statements");

      assertThat(statements.valueStream().map(one -> one.path("lease").stringValue()))
          .containsExactly(MachineDeals.lease(1_002), MachineDeals.lease(1_003));
      assertThat(deal.at("/deployment/running/index")).isEqualTo(statements.at("/1/index"));
      assertThat(all.path("next").isNull()).isTrue();
      for (JsonNode one : statements) {
        requireSaid(one);
      }
      JsonNode first = server.json(path + "?limit=1");
      assertThat(first.path("statements")).hasSize(1);
      assertThat(server.json(path + "?from=" + first.path("next")).path("statements"))
          .containsExactly(statements.get(1));
    }
  }

  /// The entry says it, and its signature holds.
  private static void requireSaid(JsonNode answer) {
    byte[] bytes = answer.path("event").stringValue().getBytes(StandardCharsets.UTF_8);
    Entry entry =
        new EntryReader(new Ed25519Verifier(), new VerifiedEvents())
            .read(answer.path("index").longValue(), bytes);
    assertThat(entry.content()).isInstanceOf(Entry.Content.Sound.class);
    Event event = ((Entry.Content.Sound) entry.content()).event();
    DeploymentStatement.DeploymentRunning running =
        (DeploymentStatement.DeploymentRunning) ((Event.Stated) event).signed().statement();
    assertThat(running.lease()).isEqualTo(answer.path("lease").stringValue());
    assertThat(running.until()).isEqualTo(answer.path("until").longValue());
  }

  @Test
  void dealWithoutMachinesHasAnEmptyListAndUnknownOnesHaveNone() throws Exception {
    try (TestServer server = ready(MachineDeals.ofEveryKind())) {
      String silent = byTask(server).get("nothing said").path("id").stringValue();

      assertThat(server.json("/v1/proposals/" + silent + "/deployment").path("statements"))
          .isEmpty();
      assertThat(server.get("/v1/proposals/prop_none/deployment").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void receiptsStandBesideTheMachinesOfTheirDeals() throws Exception {
    try (TestServer server = ready(MachineDeals.ofEveryKind())) {
      JsonNode deal = byTask(server).get("closed after its deal");
      for (String path :
          List.of(
              "/v1/receipts?limit=1000", "/v1/agents/" + TENANT.id() + "/receipts?limit=1000")) {
        JsonNode page = server.json(path);

        assertThat(page.path("deployments").propertyNames())
            .containsExactly(deal.path("id").stringValue());
        assertThat(page.path("deployments").path(deal.path("id").stringValue()))
            .isEqualTo(deal.path("deployment"));
        assertThat(page.path("escrows")).hasSize(2);
      }
    }
  }

  @Test
  void postgresqlGivesTheSameAnswers() throws Exception {
    FakeLog log = FakeLog.of(MachineDeals.ofEveryKind());
    try (EmbeddedPostgres postgres =
            EmbeddedPostgres.builder().setPGStartupWait(TestServer.PATIENCE).start();
        TestServer sqlite = TestServer.ready(folder.resolve("ledger.db"), log);
        TestServer other =
            TestServer.start(LedgerSettings.of(postgres.getJdbcUrl("postgres", "postgres")), log)) {
      other.ledger().awaitCaughtUp(TestServer.PATIENCE);
      for (String path : List.of("/v1/proposals?limit=1000", "/v1/receipts?limit=1000")) {
        assertThat(other.json(path)).as(path).isEqualTo(sqlite.json(path));
      }
      for (JsonNode deal : byTask(sqlite).values()) {
        String path = "/v1/proposals/" + deal.path("id").stringValue() + "/deployment";
        assertThat(other.json(path)).as(path).isEqualTo(sqlite.json(path));
      }
    }
  }
}
