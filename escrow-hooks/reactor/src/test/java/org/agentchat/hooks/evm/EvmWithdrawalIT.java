package org.agentchat.hooks.evm;

import static org.agentchat.hooks.evm.EscrowBench.PAYEE;
import static org.agentchat.hooks.evm.EscrowBench.PAYER;
import static org.agentchat.hooks.evm.EscrowBench.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agentchat.escrow.chain.Address;
import org.agentchat.escrow.chain.Finality;
import org.agentchat.escrow.chain.Token;
import org.agentchat.escrow.contract.EscrowState;
import org.agentchat.hooks.Reactor;
import org.agentchat.ledger.Escrow;
import org.agentchat.schemas.escrow.EvmAddress;
import org.agentchat.schemas.statement.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One account's credit from several deals.
final class EvmWithdrawalIT {
  private static final int DEALS = 4;

  @TempDir private Path folder;

  /// The deals share one credit: each withdrawal takes what is there, whichever deal it is from,
  /// and what comes later is taken by another one.
  @Test
  void creditOfManyDealsIsTakenWholeAndNoWithdrawalIsRefused() throws Exception {
    Path database = folder.resolve("hooks.db");
    try (EscrowBench bench = EscrowBench.start()) {
      EvmAddress token = bench.token();
      Token plain = new Token(bench.node(), Deal.address(token));
      Address payee = EscrowBench.signer(PAYEE).address();
      List<String> deals = new ArrayList<>();
      for (int i = 0; i < DEALS; i++) {
        deals.add(bench.market().agree(bench.terms(token, 1_000)));
      }
      EvmSettings settings = bench.settings(new Finality.Depth(0), true, PAYER, PAYEE);
      try (Reactor _ = bench.reactor(database, settings)) {
        for (String deal : deals) {
          await(() -> bench.phase(deal) == Escrow.Phase.LOCKED);
        }
        bench.market().says(Market.PAYER, new Statement.Complete(deals.getFirst(), "good work"));
        await(() -> plain.balance(payee, head(bench)).equals(BigInteger.valueOf(1_000)));
        // The other three are still locked, and have seen that credit.
        for (String deal : deals.subList(1, DEALS)) {
          assertThat(bench.state(deal)).isEqualTo(EscrowState.LOCKED);
          bench.market().says(Market.PAYER, new Statement.Complete(deal, "good work"));
        }
        await(() -> plain.balance(payee, head(bench)).equals(BigInteger.valueOf(4_000)));
        await(() -> EscrowBench.allDone(database));
        // The effect of the last one may be seen before its own row is brought to its end.
        await(() -> stages(database, payee).stream().noneMatch(List.of("sent", "mined")::contains));
        assertThat(stages(database, payee)).isNotEmpty().containsOnly("final");
        assertThat(bench.node().nonceAt(payee, head(bench)))
            .isEqualTo(stages(database, payee).size())
            .isLessThanOrEqualTo(DEALS);
      }
    }
  }

  private static long head(EscrowBench bench) throws Exception {
    return bench.node().head().ref().number();
  }

  /// What became of an account's transactions.
  private static List<String> stages(Path database, Address sender) throws Exception {
    List<String> stages = new ArrayList<>();
    try (java.sql.Connection connection =
            java.sql.DriverManager.getConnection("jdbc:sqlite:" + database);
        java.sql.PreparedStatement select =
            connection.prepareStatement("SELECT stage FROM chain_request WHERE sender = ?")) {
      select.setString(1, sender.hex());
      try (java.sql.ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          stages.add(rows.getString(1));
        }
      }
    }
    return stages;
  }
}
