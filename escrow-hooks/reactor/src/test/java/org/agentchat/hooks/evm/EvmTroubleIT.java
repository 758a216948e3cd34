package org.agentchat.hooks.evm;

import static org.agentchat.hooks.evm.EscrowBench.PAYER;
import static org.agentchat.hooks.evm.EscrowBench.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import org.agentchat.database.Database;
import org.agentchat.escrow.chain.Finality;
import org.agentchat.escrow.contract.EscrowState;
import org.agentchat.hooks.HookSummary;
import org.agentchat.hooks.Outbox;
import org.agentchat.hooks.Reactor;
import org.agentchat.ledger.Escrow;
import org.agentchat.schemas.escrow.EvmAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What stands in the way for a while must cost no deal its money, and must be told.
final class EvmTroubleIT {
  private static final Finality NOW = new Finality.Depth(0);
  private static final String RICH = "0x56bc75e2d63100000";

  @TempDir private Path folder;

  /// The schedule of the bench gives up after three failures.
  @Test
  void refusalsToAnswerDoNotAddUp() throws Exception {
    try (EscrowBench bench = EscrowBench.start();
        RefusingNode node = RefusingNode.before(bench.anvil().url())) {
      EvmSettings settings = bench.settings(NOW, Optional.of(Market.OBSERVER), node.url(), PAYER);
      try (Reactor _ = bench.reactor(db(), settings)) {
        node.refuse(true);
        String deal = bench.market().agree(bench.terms());
        await(() -> EscrowBench.intents(db()).toString().contains("header not found"));
        await(() -> node.refused() > 20);
        assertThat(EscrowBench.intents(db()).toString()).doesNotContain("dead");
        assertThat(summary().stuck()).isPositive();
        node.refuse(false);
        await(() -> bench.phase(deal) == Escrow.Phase.LOCKED);
      }
    }
  }

  @Test
  void hookWithoutMoneyForGasSaysSoUntilItHasSome() throws Exception {
    try (EscrowBench bench = EscrowBench.start()) {
      String payer = EscrowBench.signer(PAYER).address().hex();
      bench.anvil().call("anvil_setBalance", payer, "0x1");
      try (Reactor _ = bench.reactor(db(), bench.settings(NOW, true, PAYER))) {
        String deal = bench.market().agree(bench.terms());
        await(() -> summary().stuck() == 1);
        assertThat(summary().trouble()).contains("INSUFFICIENT_FUNDS", payer, "has 1 wei");
        bench.anvil().call("anvil_setBalance", payer, RICH);
        await(() -> bench.phase(deal) == Escrow.Phase.LOCKED);
        await(() -> summary().stuck() == 0);
        assertThat(summary().trouble()).isNull();
      }
    }
  }

  /// As if another lock had used up the approval between this one's approval and itself.
  @Test
  void lockThatWasRefusedIsApprovedBeforeItIsTriedAgain() throws Exception {
    try (EscrowBench bench = EscrowBench.start()) {
      EvmAddress token = bench.token();
      EvmSettings settings = bench.settings(NOW, true, PAYER);
      // It makes its tables and has nothing to do yet.
      bench.reactor(db(), settings).close();
      String deal = bench.market().agree(bench.terms(token, 1_000));
      refused("%s/%s/lock".formatted(bench.contract(), bench.id(deal)));
      try (Reactor _ = bench.reactor(db(), settings)) {
        await(() -> bench.phase(deal) == Escrow.Phase.LOCKED);
        assertThat(bench.state(deal)).isEqualTo(EscrowState.LOCKED);
        assertThat(EscrowBench.intents(db()).toString()).doesNotContain("dead");
      }
    }
  }

  private void refused(String key) throws Exception {
    try (java.sql.Connection connection =
            java.sql.DriverManager.getConnection("jdbc:sqlite:" + db());
        java.sql.PreparedStatement insert =
            connection.prepareStatement(
                """
                INSERT INTO chain_request (chain_id, key, generation, sender, recipient, value,
                  data, stage, error_name, error_data, version)
                VALUES (31337, ?, 0, ?, ?, '0', '0x', 'reverted', 'Error', '0x', 1)
                """)) {
      String payer = EscrowBench.signer(PAYER).address().hex();
      insert.setString(1, key);
      insert.setString(2, payer);
      insert.setString(3, payer);
      insert.executeUpdate();
    }
  }

  private HookSummary summary() throws Exception {
    try (Database database = Outbox.visit(db().toString())) {
      return new Outbox(database).summaries().getFirst();
    }
  }

  private Path db() {
    return folder.resolve("hooks.db");
  }
}
