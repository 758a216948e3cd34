package org.agentchat.hooks.evm;

import static org.agentchat.hooks.evm.EscrowBench.ARBITER;
import static org.agentchat.hooks.evm.EscrowBench.OPERATOR;
import static org.agentchat.hooks.evm.EscrowBench.PAYEE;
import static org.agentchat.hooks.evm.EscrowBench.PAYER;
import static org.agentchat.hooks.evm.EscrowBench.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.agentchat.escrow.chain.Address;
import org.agentchat.escrow.chain.Finality;
import org.agentchat.escrow.chain.Token;
import org.agentchat.escrow.contract.EscrowState;
import org.agentchat.hooks.Outcome;
import org.agentchat.hooks.Reactor;
import org.agentchat.ledger.Escrow;
import org.agentchat.schemas.escrow.EscrowOutcome;
import org.agentchat.schemas.escrow.EvmAddress;
import org.agentchat.schemas.escrow.EvmKey;
import org.agentchat.schemas.statement.EscrowStatement;
import org.agentchat.schemas.statement.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Deals of a log whose money moves on a real chain.
final class EvmHandlerIT {
  private static final Finality NOW = new Finality.Depth(0);

  /// How long a chain is away; a minute with `-Devm.away=PT1M`.
  private static final Duration AWAY = Duration.parse(System.getProperty("evm.away", "PT3S"));

  @TempDir private Path folder;

  @Test
  void dealIsLockedReleasedWithdrawnAndSaidInTheLog() throws Exception {
    try (EscrowBench bench = EscrowBench.start();
        Reactor _ = bench.reactor(db(), bench.settings(NOW, true, PAYER, PAYEE))) {
      String deal = bench.market().agree(bench.terms());
      await(() -> bench.phase(deal) == Escrow.Phase.LOCKED);
      assertThat(bench.state(deal)).isEqualTo(EscrowState.LOCKED);
      bench.market().says(Market.PAYER, new Statement.Complete(deal, "good work"));
      await(() -> bench.phase(deal) == Escrow.Phase.SETTLED);
      await(() -> EscrowBench.allDone(db()));
      EscrowStatement.EscrowSettled settled =
          (EscrowStatement.EscrowSettled) bench.market().escrow(deal).ended().seen();
      assertThat(settled.how()).isEqualTo(EscrowOutcome.RELEASED);
      assertThat(settled.toPayee().units()).isEqualTo(EscrowBench.AMOUNT);
      assertThat(credit(bench, PAYEE)).isZero();
      assertThat(bench.node().balanceAt(bench.escrow().address(), head(bench))).isZero();
      assertThat(bench.reports(deal)).containsExactly("Locked", "Released");
      assertThat(bench.observations()).isEqualTo(2);
      assertThat(bench.refused()).isZero();
      bench.requireAgreement(deal);
    }
  }

  @Test
  void silentPayerPaysAfterTheReview() throws Exception {
    try (EscrowBench bench = EscrowBench.start();
        Reactor _ = bench.reactor(db(), bench.settings(NOW, true, PAYER, PAYEE, OPERATOR))) {
      String deal = bench.market().agree(bench.terms());
      await(() -> bench.phase(deal) == Escrow.Phase.LOCKED);
      bench.market().says(Market.PAYEE, new Statement.Complete(deal, "done"));
      await(() -> bench.state(deal) == EscrowState.DELIVERED);
      bench.anvil().travel(Duration.ofHours(2));
      await(() -> bench.phase(deal) == Escrow.Phase.SETTLED);
      await(() -> EscrowBench.allDone(db()));
      assertThat(bench.reports(deal)).containsExactly("Locked", "Delivered", "Released");
      bench.requireAgreement(deal);
    }
  }

  @Test
  void silentPayeeIsNotPaid() throws Exception {
    try (EscrowBench bench = EscrowBench.start();
        Reactor _ = bench.reactor(db(), bench.settings(NOW, true, PAYER, PAYEE))) {
      String deal = bench.market().agree(bench.terms());
      await(() -> bench.phase(deal) == Escrow.Phase.LOCKED);
      bench.anvil().travel(Duration.ofDays(2));
      await(() -> bench.phase(deal) == Escrow.Phase.REFUNDED);
      await(() -> EscrowBench.allDone(db()));
      assertThat(bench.reports(deal)).containsExactly("Locked", "Refunded");
      assertThat(credit(bench, PAYER)).isZero();
      bench.requireAgreement(deal);
    }
  }

  @Test
  void silentArbiterLeavesTheAgreedShare() throws Exception {
    try (EscrowBench bench = EscrowBench.start();
        Reactor _ =
            bench.reactor(db(), bench.settings(NOW, true, PAYER, PAYEE, OPERATOR, ARBITER))) {
      String deal = bench.market().agree(bench.terms());
      await(() -> bench.phase(deal) == Escrow.Phase.LOCKED);
      bench.market().says(Market.PAYER, new Statement.Dispute(deal, "nothing came"));
      await(() -> bench.state(deal) == EscrowState.DISPUTED);
      bench.anvil().travel(Duration.ofHours(3));
      await(() -> bench.phase(deal) == Escrow.Phase.SETTLED);
      await(() -> EscrowBench.allDone(db()));
      EscrowStatement.EscrowSettled settled =
          (EscrowStatement.EscrowSettled) bench.market().escrow(deal).ended().seen();
      assertThat(settled.how()).isEqualTo(EscrowOutcome.SILENT);
      assertThat(settled.toPayee().units()).isEqualTo(EscrowBench.AMOUNT / 4);
      assertThat(bench.reports(deal)).containsExactly("Locked", "Disputed", "ResolvedSilently");
      bench.requireAgreement(deal);
    }
  }

  @Test
  void reorganisationThatRemovesAMinedLockEndsWithOneLockAndATrueStatement() throws Exception {
    try (EscrowBench bench = EscrowBench.start();
        Reactor _ = bench.reactor(db(), bench.settings(new Finality.Depth(3), true, PAYER))) {
      String deal = bench.market().agree(bench.terms());
      await(() -> bench.state(deal) == EscrowState.LOCKED);
      // The hook has seen it in its block, and in another one after that block is gone.
      await(() -> EscrowBench.intents(db()).toString().contains("not final yet"));
      bench.anvil().reorg(1);
      assertThat(bench.observations()).isZero();
      await(() -> bench.state(deal) == EscrowState.LOCKED);
      bench.anvil().mine(3);
      await(() -> bench.phase(deal) == Escrow.Phase.LOCKED);
      EscrowStatement.Observation seen = bench.market().escrow(deal).locked().seen();
      assertThat(bench.node().block(seen.blockNumber()).orElseThrow().ref().hash().hex())
          .isEqualTo(seen.blockHash().text());
      assertThat(bench.reports(deal)).containsExactly("Locked");
      assertThat(bench.observations()).isEqualTo(1);
      bench.requireAgreement(deal);
    }
  }

  /// Two processes with the same keys and the same voice, which nobody should run.
  @Test
  void twoReactorsWithTheSameKeysMoveMoneyOnceAndSayItOnce() throws Exception {
    try (EscrowBench bench = EscrowBench.start()) {
      EvmSettings settings = bench.settings(NOW, true, PAYER, PAYEE);
      try (Reactor _ = bench.reactor(db(), settings);
          Reactor _ = bench.reactor(folder.resolve("second.db"), settings)) {
        String deal = bench.market().agree(bench.terms());
        await(() -> bench.phase(deal) == Escrow.Phase.LOCKED);
        bench.market().says(Market.PAYER, new Statement.Complete(deal, "good work"));
        await(() -> bench.phase(deal) == Escrow.Phase.SETTLED);
        await(() -> credit(bench, PAYEE).signum() == 0);
        await(() -> EscrowBench.allDone(db()));
        await(() -> EscrowBench.allDone(folder.resolve("second.db")));
        assertThat(bench.reports(deal)).containsExactly("Locked", "Released");
        // Both may have spoken at the same moment; the fold takes the first.
        assertThat(bench.observations() - bench.refused()).isEqualTo(2);
        bench.requireAgreement(deal);
      }
    }
  }

  @Test
  void hookWhoseDatabaseIsLostDoesNothingTwice() throws Exception {
    try (EscrowBench bench = EscrowBench.start()) {
      EvmSettings settings = bench.settings(NOW, true, PAYER, PAYEE);
      String deal;
      try (Reactor _ = bench.reactor(db(), settings)) {
        deal = bench.market().agree(bench.terms());
        await(() -> bench.phase(deal) == Escrow.Phase.LOCKED);
      }
      Path empty = folder.resolve("empty.db");
      try (Reactor _ = bench.reactor(empty, settings)) {
        bench.market().says(Market.PAYER, new Statement.Complete(deal, "good work"));
        await(() -> bench.phase(deal) == Escrow.Phase.SETTLED);
        await(() -> EscrowBench.allDone(empty));
        assertThat(bench.reports(deal)).containsExactly("Locked", "Released");
        assertThat(bench.observations()).isEqualTo(2);
      }
    }
  }

  /// What happened while nobody looked is found, by the contract's own log.
  @Test
  void observerThatComesLateSaysEverything() throws Exception {
    try (EscrowBench bench = EscrowBench.start()) {
      String deal;
      try (Reactor _ = bench.reactor(db(), bench.settings(NOW, false, PAYER))) {
        deal = bench.market().agree(bench.terms());
        await(() -> bench.state(deal) == EscrowState.LOCKED);
        bench.anvil().travel(Duration.ofDays(2));
        await(() -> bench.state(deal) == EscrowState.REFUNDED);
      }
      assertThat(bench.observations()).isZero();
      try (Reactor _ = bench.reactor(folder.resolve("observer.db"), bench.settings(NOW, true))) {
        await(() -> bench.phase(deal) == Escrow.Phase.REFUNDED);
        assertThat(bench.observations()).isEqualTo(2);
        bench.requireAgreement(deal);
      }
    }
  }

  @Test
  void reportThatWasLostIsFoundByComparing() throws Exception {
    try (EscrowBench bench = EscrowBench.start()) {
      Path observerDb = folder.resolve("observer.db");
      String deal = bench.market().agree(bench.terms());
      try (Reactor _ = bench.reactor(db(), bench.settings(NOW, false, PAYER))) {
        await(() -> EscrowBench.intents(db()).toString().contains("evm:lock done"));
      }
      // As if the observer's cursor had passed the lock without a word.
      try (Reactor reactor = bench.reactor(observerDb, bench.settings(NOW, false))) {
        reactor.awaitCaughtUp(EscrowBench.PATIENCE);
        await(() -> cursor(observerDb) >= head(bench));
      }
      try (Reactor _ = bench.reactor(observerDb, bench.settings(NOW, true))) {
        await(() -> bench.phase(deal) == Escrow.Phase.LOCKED);
        assertThat(bench.observations()).isEqualTo(1);
      }
    }
  }

  @Test
  void chainThatIsAwayForAWhileCostsOnlyTime() throws Exception {
    try (EscrowBench bench = EscrowBench.start();
        Pausable proxy = Pausable.before(bench.anvil().port())) {
      EvmSettings settings =
          bench.settings(NOW, Optional.of(Market.OBSERVER), proxy.url(), PAYER, PAYEE);
      proxy.refuse(true);
      try (Reactor _ = bench.reactor(db(), settings)) {
        String deal = bench.market().agree(bench.terms());
        await(() -> EscrowBench.intents(db()).toString().contains("does not answer"));
        proxy.refuse(false);
        await(() -> bench.phase(deal) == Escrow.Phase.LOCKED);
        proxy.refuse(true);
        bench.market().says(Market.PAYER, new Statement.Complete(deal, "good work"));
        await(() -> EscrowBench.intents(db()).toString().contains("evm:release open: "));
        Thread.sleep(AWAY);
        proxy.refuse(false);
        await(() -> bench.phase(deal) == Escrow.Phase.SETTLED);
        await(() -> EscrowBench.allDone(db()));
        requireOneLockAndOneRelease(bench, deal);
      }
    }
  }

  /// Each is one transaction of the payer's, one report of the contract's and one entry of the log.
  private static void requireOneLockAndOneRelease(EscrowBench bench, String deal) throws Exception {
    assertThat(bench.reports(deal)).containsExactly("Locked", "Released");
    assertThat(bench.node().nonceAt(EscrowBench.signer(PAYER).address(), head(bench))).isEqualTo(2);
    assertThat(bench.observations()).isEqualTo(2);
    bench.requireAgreement(deal);
  }

  @Test
  void lockThatIsStuckUnderARisenBaseFeeIsReplacedAndLocksOnce() throws Exception {
    try (EscrowBench bench = EscrowBench.start("--no-mining");
        Reactor _ = bench.reactor(db(), bench.settings(NOW, true, PAYER))) {
      Address payer = EscrowBench.signer(PAYER).address();
      String deal = bench.market().agree(bench.terms());
      await(() -> bench.node().pendingNonce(payer) == 1);
      BigInteger risen = BigInteger.TEN.pow(11);
      await(() -> {
        bench.anvil().nextBaseFee(risen);
        bench.anvil().mine(1);
        return bench.phase(deal) == Escrow.Phase.LOCKED;
      });
      assertThat(number(db(), "SELECT COUNT(*) FROM chain_attempt")).isGreaterThan(1);
      assertThat(bench.node().nonceAt(payer, head(bench))).isEqualTo(1);
      assertThat(bench.node().balanceAt(bench.escrow().address(), head(bench)))
          .isEqualTo(EscrowBench.AMOUNT);
      assertThat(bench.reports(deal)).containsExactly("Locked");
      assertThat(bench.observations()).isEqualTo(1);
      bench.requireAgreement(deal);
    }
  }

  @Test
  void eventsThatAreInTheLogTwiceMoveMoneyOnce() throws Exception {
    try (EscrowBench bench = EscrowBench.start();
        Reactor _ = bench.reactor(db(), bench.settings(NOW, true, PAYER, PAYEE))) {
      String deal = bench.market().agree(bench.terms());
      bench.market().repeatLast();
      await(() -> bench.phase(deal) == Escrow.Phase.LOCKED);
      // The observer's own word, too.
      bench.market().repeatLast();
      bench.market().says(Market.PAYER, new Statement.Complete(deal, "good work"));
      bench.market().repeatLast();
      await(() -> bench.phase(deal) == Escrow.Phase.SETTLED);
      await(() -> EscrowBench.allDone(db()));
      assertThat(bench.refused()).isEqualTo(3);
      assertThat(number(db(), "SELECT COUNT(*) FROM intent WHERE event = 'evm:lock'")).isEqualTo(1);
      assertThat(bench.reports(deal)).containsExactly("Locked", "Released");
      assertThat(bench.observations()).isEqualTo(3);
      assertThat(bench.node().nonceAt(EscrowBench.signer(PAYER).address(), head(bench)))
          .isEqualTo(2);
      bench.requireAgreement(deal);
    }
  }

  @Test
  void moneyMovesWithItsBooksInPostgresql() throws Exception {
    try (EmbeddedPostgres server =
            EmbeddedPostgres.builder().setPGStartupWait(Duration.ofSeconds(90)).start();
        EscrowBench bench = EscrowBench.start()) {
      String url = server.getJdbcUrl("postgres", "postgres");
      EvmSettings settings = bench.settings(NOW, true, PAYER, PAYEE);
      String deal;
      try (Reactor _ = bench.reactor(url, settings)) {
        deal = bench.market().agree(bench.terms());
        await(() -> bench.phase(deal) == Escrow.Phase.LOCKED);
      }
      try (Reactor _ = bench.reactor(url, settings)) {
        bench.market().says(Market.PAYER, new Statement.Complete(deal, "good work"));
        await(() -> bench.phase(deal) == Escrow.Phase.SETTLED);
        await(() -> EscrowBench.allDone(url));
        requireOneLockAndOneRelease(bench, deal);
      }
    }
  }

  @Test
  void contractWalletMustConfirmItselfBeforeMoneyIsLocked() throws Exception {
    try (EscrowBench bench = EscrowBench.start();
        Reactor _ = bench.reactor(db(), bench.settings(NOW, true, PAYER))) {
      EvmAddress wallet = new EvmAddress("0x" + "77".repeat(20));
      bench.market().claim(Market.PAYEE, wallet);
      // It has code, and the code says no to everything.
      bench.anvil().call("anvil_setCode", wallet.text(), "0x60006000fd");
      String refused = bench.market().agree(bench.terms());
      await(() -> EscrowBench.intents(db()).toString().contains("evm:lock dead: the wallet"));
      assertThat(bench.state(refused)).isEqualTo(EscrowState.NONE);
      // Now it says yes: it returns 0x1626ba7e and zeros.
      bench.anvil().call("anvil_setCode", wallet.text(), "0x631626ba7e60e01b60005260206000f3");
      String taken = bench.market().agree(bench.terms());
      await(() -> bench.phase(taken) == Escrow.Phase.LOCKED);
    }
  }

  /// Each approval is for one lock: with several at once the last would replace the others.
  @Test
  void tokensAreApprovedAndLockedForManyDealsAtOnce() throws Exception {
    try (EscrowBench bench = EscrowBench.start()) {
      EvmAddress token = bench.token();
      List<String> deals = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        deals.add(bench.market().agree(bench.terms(token, 1_000 + i)));
      }
      try (Reactor _ = bench.reactor(db(), bench.settings(NOW, true, PAYER, PAYEE))) {
        for (String deal : deals) {
          await(() -> bench.phase(deal) == Escrow.Phase.LOCKED);
        }
        Token plain = new Token(bench.node(), Deal.address(token));
        assertThat(plain.balance(bench.escrow().address(), head(bench))).isEqualTo(4_006);
        assertThat(
                plain.allowance(
                    EscrowBench.signer(PAYER).address(), bench.escrow().address(), head(bench)))
            .isZero();
        bench.market().says(Market.PAYER, new Statement.Complete(deals.getFirst(), "good work"));
        await(() ->
            plain
                .balance(EscrowBench.signer(PAYEE).address(), head(bench))
                .equals(BigInteger.valueOf(1_000)));
      }
    }
  }

  @Test
  void moneyNeverGoesIntoAnotherContract() throws Exception {
    try (EscrowBench bench = EscrowBench.start()) {
      bench.anvil().call("anvil_setCode", bench.escrow().address().hex(), "0x00");
      try (Reactor _ = bench.reactor(db(), bench.settings(NOW, true, PAYER))) {
        bench.market().agree(bench.terms());
        await(() -> {
          String intents = EscrowBench.intents(db()).toString();
          return intents.contains("evm:lock") && intents.contains("no such contract");
        });
        assertThat(bench.node().nonceAt(EscrowBench.signer(PAYER).address(), head(bench))).isZero();
      }
    }
  }

  @Test
  void testSaysWhatAnOperatorWantsToKnow() throws Exception {
    try (EscrowBench bench = EscrowBench.start()) {
      try (EvmHandler handler = new EvmHandler(bench.settings(NOW, true, PAYER))) {
        assertThat(handler.test())
            .isInstanceOfSatisfying(
                Outcome.Done.class,
                done ->
                    assertThat(done.note())
                        .contains(
                            "chain 31337", "genuine", EscrowBench.signer(PAYER).address().hex()));
      }
      bench.anvil().call("anvil_setCode", bench.escrow().address().hex(), "0x00");
      try (EvmHandler handler = new EvmHandler(bench.settings(NOW, true, PAYER))) {
        assertThat(handler.test().note()).contains("not this build's AgentEscrow");
      }
    }
  }

  private Path db() {
    return folder.resolve("hooks.db");
  }

  private static long head(EscrowBench bench) throws Exception {
    return bench.node().head().ref().number();
  }

  private static BigInteger credit(EscrowBench bench, int account) throws Exception {
    EvmKey wallet = EscrowBench.wallet(account);
    return bench.escrow().credit(Address.ZERO, Deal.address(wallet.address()), head(bench));
  }

  private static long cursor(Path database) throws Exception {
    return number(database, "SELECT COALESCE(MAX(number), -1) FROM chain_cursor");
  }

  private static long number(Path database, String query) throws Exception {
    try (java.sql.Connection connection =
            java.sql.DriverManager.getConnection("jdbc:sqlite:" + database);
        java.sql.Statement statement = connection.createStatement();
        java.sql.ResultSet row = statement.executeQuery(query)) {
      return row.getLong(1);
    }
  }
}
