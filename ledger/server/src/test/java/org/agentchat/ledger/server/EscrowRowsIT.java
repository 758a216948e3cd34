package org.agentchat.ledger.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.agentchat.receipt.ReceiptCode;
import org.agentchat.receipt.ReceiptVerifier;
import org.agentchat.receipt.Verification;
import org.agentchat.schemas.escrow.EscrowOutcome;
import org.agentchat.schemas.escrow.TokenAmount;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.json.Json;
import org.agentchat.tlog.Policy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What a ledger says of money: of each phase that an escrow can be in, and of wallets.
final class EscrowRowsIT {
  private static final Identity PAYER = Deals.agent(1);
  private static final Identity PAYEE = Deals.agent(2);

  @TempDir private Path folder;

  private TestServer ready(Deals deals) throws Exception {
    return TestServer.ready(folder.resolve("ledger.db"), FakeLog.of(deals));
  }

  private static Map<String, JsonNode> byTask(TestServer server)
      throws IOException, InterruptedException {
    return server
        .json("/v1/proposals?limit=1000")
        .path("proposals")
        .valueStream()
        .filter(proposal -> !proposal.path("escrow").isNull())
        .collect(
            Collectors.toMap(
                proposal -> proposal.path("task").stringValue(),
                proposal -> proposal,
                (one, _) -> one,
                TreeMap::new));
  }

  @Test
  void proposalsSayWhatBecameOfTheMoney() throws Exception {
    try (TestServer server = ready(MoneyDeals.ofEveryKind())) {
      Map<String, JsonNode> deals = byTask(server);

      Map<String, String> phases = new TreeMap<>();
      deals.forEach(
          (task, deal) -> phases.put(task, deal.at("/escrow/phase").asString("no phase")));
      assertThat(phases)
          .isEqualTo(
              Map.of(
                  "to a wallet that only the chain knows", "settled",
                  "paid out", "settled",
                  "given back", "refunded",
                  "never locked", "lapsed",
                  "not accepted", "no phase",
                  "in the contract", "locked",
                  "awaited", "awaited"));
      assertThat(server.json("/v1/stats").path("escrows").toString())
          .isEqualTo("{\"awaited\":1,\"locked\":1,\"settled\":2,\"refunded\":1,\"lapsed\":1}");
      JsonNode paid = deals.get("paid out").path("escrow");
      assertThat(paid.at("/terms/amount").stringValue()).isEqualTo(MoneyDeals.AMOUNT.toString());
      assertThat(paid.at("/payer/address").stringValue())
          .isEqualTo(MoneyDeals.wallet("payer").address().text());
      assertThat(paid.at("/locked/type").stringValue()).isEqualTo("ESCROW_LOCKED");
      assertThat(paid.at("/locked/by").stringValue())
          .isEqualTo(MoneyDeals.OBSERVER.id().toString());
      assertThat(paid.at("/locked/how").isMissingNode()).isTrue();
      assertThat(paid.at("/ended/how").stringValue()).isEqualTo("released");
      assertThat(paid.at("/ended/to_payee").stringValue()).isEqualTo(MoneyDeals.AMOUNT.toString());
      assertThat(paid.at("/ended/block_number").intValue()).isEqualTo(200);
      assertThat(deals.get("not accepted").at("/escrow/payer").isNull()).isTrue();
      assertThat(deals.get("never locked").path("status").stringValue()).isEqualTo("expired");
    }
  }

  /// The deal was finished, and its texts forgotten by the fold, when its money came out.
  @Test
  void payoutAfterTheDealLeavesItsTextsAlone() throws Exception {
    try (TestServer server = ready(MoneyDeals.ofEveryKind())) {
      JsonNode deal = byTask(server).get("to a wallet that only the chain knows");

      assertThat(deal.path("status").stringValue()).isEqualTo("completed");
      assertThat(deal.at("/escrow/payee/claimed").booleanValue()).isTrue();
      assertThat(deal.at("/escrow/payer/claimed").booleanValue()).isFalse();
      assertThat(deal.at("/escrow/ended/to_payer").stringValue()).isEqualTo("1000000000000000000");
      assertThat(deal.at("/escrow/terms/observer").stringValue())
          .isEqualTo(MoneyDeals.OBSERVER.id().toString());
    }
  }

  @Test
  void receiptsStandBesideTheMoneyOfTheirDeals() throws Exception {
    try (TestServer server = ready(MoneyDeals.ofEveryKind())) {
      for (String path :
          List.of("/v1/receipts?limit=1000", "/v1/agents/" + PAYEE.id() + "/receipts?limit=1000")) {
        JsonNode page = server.json(path);

        Map<String, JsonNode> withMoney =
            page.path("receipts")
                .valueStream()
                .filter(receipt -> receipt.has("escrow"))
                .collect(
                    Collectors.toMap(
                        receipt -> receipt.path("proposal_id").stringValue(), receipt -> receipt));
        assertThat(withMoney).hasSize(2).containsOnlyKeys(page.path("escrows").propertyNames());
        withMoney.forEach((id, receipt) -> {
          JsonNode escrow = page.path("escrows").path(id);
          assertThat(escrow.path("phase").stringValue()).isEqualTo("settled");
          assertThat(escrow.path("id")).isEqualTo(receipt.at("/escrow/id"));
          assertThat(escrow.at("/locked/index").longValue())
              .isEqualTo(receipt.at("/escrow/locked").longValue());
        });
      }
    }
  }

  @Test
  void agentsHaveTheWalletsThatTheyBound() throws Exception {
    try (TestServer server = ready(MoneyDeals.ofEveryKind())) {
      JsonNode payer = server.json("/v1/agents/" + PAYER.id() + "/wallets").path("wallets");
      JsonNode payee = server.json("/v1/agents/" + PAYEE.id() + "/wallets").path("wallets");

      assertThat(payer).hasSize(2);
      assertThat(payer.get(1).path("account").stringValue())
          .isEqualTo("eip155:31337:" + MoneyDeals.wallet("payer").address());
      assertThat(payer.get(1).path("escrow").stringValue())
          .isEqualTo(MoneyDeals.CONTRACT.address().text());
      assertThat(payer.get(1).path("event").stringValue()).contains("\"WALLET_BIND\"");
      assertThat(payee.get(0).path("claimed").booleanValue()).isTrue();
      assertThat(payee.get(1).path("claimed").booleanValue()).isFalse();
      assertThat(server.json("/v1/agents/" + Deals.agent(3).id() + "/wallets").path("wallets"))
          .isEmpty();
    }
  }

  /// Wallet and observer may have other keys by the time that they speak.
  @Test
  void receiptFileHoldsTheKeysThatTheMoneyWentThrough() throws Exception {
    Identity laterPayer = Deals.agent(7);
    Identity laterObserver = Deals.agent(8);
    Deals deals = Deals.begun();
    MoneyDeals money = new MoneyDeals(deals).begin(PAYER, PAYEE);
    deals.rotate(PAYER, laterPayer);
    MoneyDeals.Agreed agreed = money.agree(laterPayer, PAYEE, "a task", PAYER);
    deals.rotate(MoneyDeals.OBSERVER, laterObserver);
    money.by(laterObserver).lock(agreed);
    deals.complete(PAYEE, agreed.proposalId());
    money.settle(agreed, MoneyDeals.AMOUNT, TokenAmount.ZERO, EscrowOutcome.RELEASED);
    try (TestServer server = TestServer.published(folder, FakeLog.of(deals))) {
      Policy policy = Policy.parse(server.get("/policy").body().getBytes(StandardCharsets.UTF_8));
      HttpResponse<String> file = server.get("/v1/receipts/" + agreed.proposalId() + "/file");

      Verification verification =
          new ReceiptVerifier(policy).verify(file.body().getBytes(StandardCharsets.UTF_8));

      assertThat(verification.code()).as(verification.message()).isEqualTo(ReceiptCode.OK);
      assertThat(Json.parse(file.body()).path("rotations")).hasSize(2);
      assertThat(Json.parse(file.body()).path("escrow")).hasSize(4);
    }
  }

  @Test
  void postgresqlGivesTheSameAnswers() throws Exception {
    FakeLog log = FakeLog.of(MoneyDeals.ofEveryKind());
    List<String> paths = new ArrayList<>();
    paths.add("/v1/proposals?limit=1000");
    paths.add("/v1/receipts?limit=1000");
    paths.add("/v1/stats");
    for (Identity agent : List.of(PAYER, PAYEE, MoneyDeals.OBSERVER)) {
      paths.add("/v1/agents/" + agent.id() + "/wallets");
      paths.add("/v1/agents/" + agent.id() + "/receipts");
    }
    try (EmbeddedPostgres postgres =
            EmbeddedPostgres.builder().setPGStartupWait(TestServer.PATIENCE).start();
        TestServer sqlite = TestServer.ready(folder.resolve("ledger.db"), log);
        TestServer other =
            TestServer.start(LedgerSettings.of(postgres.getJdbcUrl("postgres", "postgres")), log)) {
      other.ledger().awaitCaughtUp(TestServer.PATIENCE);
      for (String path : paths) {
        assertThat(other.json(path)).as(path).isEqualTo(sqlite.json(path));
      }
    }
  }
}
