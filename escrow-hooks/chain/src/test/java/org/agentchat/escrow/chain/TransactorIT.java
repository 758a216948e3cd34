package org.agentchat.escrow.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.agentchat.escrow.contract.EscrowCall;
import org.agentchat.escrow.contract.EscrowState;
import org.agentchat.escrow.contract.Terms;
import org.agentchat.escrow.devchain.Anvil;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Transactions on a real chain that misbehaves.
final class TransactorIT {
  private static final Finality SHALLOW = new Finality.Depth(0);
  private static final Signer PAYER = RealChain.signer(0);

  @TempDir private Path folder;

  private OneWriter database;
  private JdbcTransactionStore store;

  @BeforeEach
  void openStore() throws SQLException {
    database = OneWriter.sqlite(folder.resolve("chain.db"));
    store = new JdbcTransactionStore(Anvil.CHAIN_ID, database);
  }

  @AfterEach
  void closeStore() throws SQLException {
    database.close();
  }

  @Test
  void contractIsDeployedLockedAndReleased() throws Exception {
    try (RealChain chain = RealChain.start()) {
      Transactor transactor = transactor(chain, SHALLOW);
      EscrowClient escrow = chain.deploy(transactor);
      assertThat(escrow.isGenuine()).isTrue();
      Terms terms = chain.terms(1);
      Hash id = RealChain.id(escrow, terms);
      bring(transactor, escrow.request("lock", new EscrowCall.Lock(terms), PAYER.address()));
      assertThat(state(chain, escrow, id)).isEqualTo(EscrowState.LOCKED);
      bring(transactor, escrow.request("release", new EscrowCall.Release(terms), PAYER.address()));
      assertThat(state(chain, escrow, id)).isEqualTo(EscrowState.RELEASED);
      assertThat(
              escrow.credit(
                  Address.ZERO, RealChain.signer(1).address(), chain.node().head().ref().number()))
          .isEqualTo(terms.amount());
      assertThat(new EscrowClient(chain.node(), 1, escrow.address()).isGenuine()).isFalse();
    }
  }

  @Test
  void reorganisationThatRemovesALockDoesNotLoseIt() throws Exception {
    try (RealChain chain = RealChain.start()) {
      EscrowClient escrow = chain.deploy(transactor(chain, SHALLOW));
      Transactor transactor = transactor(chain, new Finality.Depth(3));
      Terms terms = chain.terms(1);
      Hash id = RealChain.id(escrow, terms);
      store.plan(escrow.request("lock", new EscrowCall.Lock(terms), PAYER.address()));
      await(() -> one(transactor).tracked().stage() instanceof Stage.Mined);
      Stage.Mined mined = (Stage.Mined) store.find("lock").orElseThrow().stage();
      chain.anvil().reorg(1);
      assertThat(state(chain, escrow, id)).isEqualTo(EscrowState.NONE);
      await(() ->
          one(transactor).tracked().stage() instanceof Stage.Mined again
              && !again.where().block().equals(mined.where().block()));
      assertThat(state(chain, escrow, id)).isEqualTo(EscrowState.LOCKED);
      chain.anvil().mine(3);
      await(() -> over(transactor, "lock"));
      Stage.Final done = (Stage.Final) store.find("lock").orElseThrow().stage();
      assertThat(done.attempts()).hasSize(1);
      assertThat(done.where().attempt()).isEqualTo(mined.where().attempt());
      assertThat(chain.reports(escrow, id)).isEqualTo(1);
    }
  }

  @Test
  void chainThatGoesBackFurtherThanItShouldGetsTheSameBytesAgain() throws Exception {
    try (RealChain chain = RealChain.start()) {
      Transactor transactor = transactor(chain, SHALLOW);
      EscrowClient escrow = chain.deploy(transactor);
      Terms terms = chain.terms(1);
      bring(transactor, escrow.request("lock", new EscrowCall.Lock(terms), PAYER.address()));
      Stage.Final before = (Stage.Final) store.find("lock").orElseThrow().stage();
      chain.anvil().reorg(1);
      await(() -> {
        transactor.step(PAYER);
        return store.find("lock").orElseThrow().stage() instanceof Stage.Final again
            && !again.where().block().equals(before.where().block());
      });
      assertThat(state(chain, escrow, RealChain.id(escrow, terms))).isEqualTo(EscrowState.LOCKED);
      assertThat(chain.reports(escrow, RealChain.id(escrow, terms))).isEqualTo(1);
    }
  }

  /// Its nonce would be a gap that nobody fills, and everything after it would wait.
  @Test
  void refusedTransactionWhoseBlockIsGoneIsSentAgainToo() throws Exception {
    try (RealChain chain = RealChain.start()) {
      Transactor transactor = transactor(chain, SHALLOW);
      EscrowClient escrow = chain.deploy(transactor);
      Terms terms = chain.terms(1);
      bring(transactor, escrow.request("lock", new EscrowCall.Lock(terms), PAYER.address()));
      chain.anvil().automine(false);
      // The operator's release would work when it is tried, but the payer's is mined first.
      Signer operator = RealChain.signer(2);
      store.plan(escrow.request("release", new EscrowCall.Release(terms), operator.address()));
      transactor.step(operator);
      BigInteger dear = BigInteger.TEN.pow(12);
      Request faster = escrow.request("faster", new EscrowCall.Release(terms), PAYER.address());
      chain
          .node()
          .send(PAYER.attempt(Anvil.CHAIN_ID, faster, 1, new Fees(dear, dear), 200_000).raw());
      chain.anvil().mine(1);
      await(() -> {
        transactor.step(operator);
        return refused("release");
      });
      chain.anvil().reorg(1);
      assertThat(nonce(chain, operator)).isZero();
      await(() -> {
        transactor.step(operator);
        chain.anvil().mine(1);
        return store.find("release").orElseThrow().stage() instanceof Stage.Final;
      });
      assertThat(nonce(chain, operator)).isEqualTo(1);
      assertThat(chain.reports(escrow, RealChain.id(escrow, terms))).isEqualTo(2);
    }
  }

  private static long nonce(RealChain chain, Signer signer) throws ChainException {
    return chain.node().nonceAt(signer.address(), chain.node().head().ref().number());
  }

  private boolean refused(String key) throws Exception {
    return store.find(key).orElseThrow().stage() instanceof Stage.Reverted reverted
        && reverted.where().isPresent();
  }

  @Test
  void stuckTransactionUnderARisenBaseFeeIsReplaced() throws Exception {
    try (RealChain chain = RealChain.start("--no-mining")) {
      Transactor transactor = transactor(chain, SHALLOW);
      Request pay = pay("pay", 7);
      store.plan(pay);
      one(transactor);
      BigInteger risen = BigInteger.TEN.pow(11);
      for (int i = 0; i < 12 && !over(transactor, "pay"); i++) {
        chain.anvil().nextBaseFee(risen);
        chain.anvil().mine(1);
      }
      Stage.Final done = (Stage.Final) store.find("pay").orElseThrow().stage();
      assertThat(done.attempts()).hasSizeGreaterThan(1);
      assertThat(done.where().attempt()).isEqualTo(done.attempts().getLast().hash());
      Fees first = done.attempts().getFirst().fees();
      Fees last = done.attempts().getLast().fees();
      assertThat(first.max()).isLessThan(risen);
      assertThat(last.max()).isGreaterThanOrEqualTo(risen);
      assertThat(last.tip().multiply(BigInteger.valueOf(8)))
          .isGreaterThanOrEqualTo(first.tip().multiply(BigInteger.valueOf(9)));
      assertThat(received(chain)).isEqualTo(BigInteger.valueOf(7));
    }
  }

  @Test
  void transactionWaitsForTheBaseFeeToFallBelowTheCap() throws Exception {
    try (RealChain chain = RealChain.start("--no-mining")) {
      FeePolicy capped =
          new FeePolicy(BigInteger.TEN.pow(10), BigInteger.ONE, BigInteger.TEN.pow(9), 2);
      Transactor transactor = new Transactor(chain.node(), store, Anvil.CHAIN_ID, SHALLOW, capped);
      chain.anvil().nextBaseFee(BigInteger.TEN.pow(11));
      chain.anvil().mine(1);
      store.plan(pay("pay", 7));
      assertThat(one(transactor).waiting().orElseThrow().reason())
          .isEqualTo(WaitReason.FEES_ABOVE_CAP);
      chain.anvil().nextBaseFee(BigInteger.TEN.pow(9));
      chain.anvil().mine(1);
      one(transactor);
      chain.anvil().mine(1);
      await(() -> over(transactor, "pay"));
      assertThat(received(chain)).isEqualTo(BigInteger.valueOf(7));
    }
  }

  @Test
  void nodeThatHangsForAWhileCostsOnlyTime() throws Exception {
    try (RealChain chain = RealChain.start();
        JsonRpcNode impatient = chain.node(Duration.ofMillis(300))) {
      Transactor transactor =
          new Transactor(impatient, store, Anvil.CHAIN_ID, SHALLOW, FeePolicy.DEFAULT);
      store.plan(pay("pay", 7));
      chain.pause(true);
      try {
        for (int i = 0; i < 3; i++) {
          assertThatThrownBy(() -> transactor.step(PAYER))
              .isInstanceOf(NodeUnreachableException.class);
        }
      } finally {
        chain.pause(false);
      }
      Transactor patient = transactor(chain, SHALLOW);
      await(() -> over(patient, "pay"));
      assertThat(received(chain)).isEqualTo(BigInteger.valueOf(7));
    }
  }

  @Test
  void transactionThatTheNodeForgotIsSentAgain() throws Exception {
    try (RealChain chain = RealChain.start("--no-mining")) {
      Transactor transactor = transactor(chain, SHALLOW);
      store.plan(pay("pay", 7));
      Stage.Sent sent = (Stage.Sent) one(transactor).tracked().stage();
      chain.anvil().drop(sent.attempts().getFirst().hash().hex());
      assertThat(chain.node().knows(sent.attempts().getFirst().hash())).isFalse();
      one(transactor);
      assertThat(chain.node().knows(sent.attempts().getFirst().hash())).isTrue();
      chain.anvil().mine(1);
      await(() -> over(transactor, "pay"));
      assertThat(received(chain)).isEqualTo(BigInteger.valueOf(7));
    }
  }

  @Test
  void sameWishFromManyThreadsAndTwoTransactorsIsOneTransaction() throws Exception {
    try (RealChain chain = RealChain.start();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Transactor one = transactor(chain, SHALLOW);
      Transactor two = transactor(chain, SHALLOW);
      List<Callable<Void>> work = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        Transactor each = i % 2 == 0 ? one : two;
        work.add(() -> {
          store.plan(pay("pay", 7));
          try {
            each.step(PAYER);
          } catch (SQLException e) {
            assertThat(e.getMessage()).contains("changed by somebody else");
          }
          return null;
        });
      }
      for (Future<Void> done : threads.invokeAll(work)) {
        done.get();
      }
      await(() -> over(one, "pay"));
      assertThat(received(chain)).isEqualTo(BigInteger.valueOf(7));
      assertThat(chain.node().nonceAt(PAYER.address(), chain.node().head().ref().number()))
          .isEqualTo(1);
    }
  }

  @Test
  void nonceThatSomebodyElseUsedIsGivenUpWhenFinalAndTheWishTriedAnew() throws Exception {
    try (RealChain chain = RealChain.start("--no-mining")) {
      Transactor transactor = transactor(chain, new Finality.Depth(2));
      store.plan(pay("pay", 7));
      one(transactor);
      BigInteger dear = BigInteger.TEN.pow(12);
      Attempt foreign =
          PAYER.attempt(Anvil.CHAIN_ID, pay("foreign", 1_000), 0, new Fees(dear, dear), 21_000);
      chain.node().send(foreign.raw());
      chain.anvil().mine(1);
      assertThat(one(transactor).waiting().orElseThrow().reason())
          .isEqualTo(WaitReason.NONCE_TAKEN);
      chain.anvil().mine(1);
      one(transactor);
      assertThat(store.find("pay").orElseThrow().stage()).isInstanceOf(Stage.Sent.class);
      chain.anvil().mine(1);
      transactor.step(PAYER);
      assertThat(store.find("pay").orElseThrow().stage()).isEqualTo(new Stage.Replaced(0));
      store.plan(pay("pay", 7));
      one(transactor);
      chain.anvil().mine(3);
      await(() -> over(transactor, "pay"));
      assertThat(received(chain)).isEqualTo(BigInteger.valueOf(1_007));
      assertThat(store.find("pay").orElseThrow().generation()).isEqualTo(1);
    }
  }

  @Test
  void gapThatADroppedStrangerLeavesIsFilled() throws Exception {
    try (RealChain chain = RealChain.start("--no-mining")) {
      Transactor transactor = transactor(chain, SHALLOW);
      Attempt foreign =
          PAYER.attempt(
              Anvil.CHAIN_ID,
              pay("foreign", 1_000),
              0,
              new Fees(BigInteger.TEN.pow(10), BigInteger.ONE),
              21_000);
      chain.node().send(foreign.raw());
      store.plan(pay("pay", 7));
      Stage.Sent sent = (Stage.Sent) one(transactor).tracked().stage();
      assertThat(sent.nonce()).isEqualTo(1);
      chain.anvil().drop(foreign.hash().hex());
      await(() -> {
        chain.anvil().mine(1);
        return over(transactor, "pay");
      });
      assertThat(received(chain)).isEqualTo(BigInteger.valueOf(7));
    }
  }

  @Test
  void poorSenderWaitsForMoneyAndUsesNoNonce() throws Exception {
    try (RealChain chain = RealChain.start()) {
      Signer poor = Keystore.newKey(new SecureRandom());
      Transactor transactor = transactor(chain, SHALLOW);
      store.plan(
          new Request(
              "pay",
              poor.address(),
              Optional.of(RealChain.signer(8).address()),
              BigInteger.valueOf(7),
              "0x"));
      assertThat(transactor.step(poor).getFirst().waiting().orElseThrow().toString())
          .contains("INSUFFICIENT_FUNDS", poor.address().hex(), "has 0 wei");
      chain.anvil().balance(poor.address().hex(), BigInteger.valueOf(8));
      assertThat(transactor.step(poor).getFirst().waiting()).isPresent();
      assertThat(store.nonces(poor.address(), 0, 0).stored()).isZero();
      chain.anvil().balance(poor.address().hex(), BigInteger.TEN.pow(18));
      await(() -> {
        transactor.step(poor);
        return store.find("pay").orElseThrow().stage() instanceof Stage.Final;
      });
    }
  }

  @Test
  void contractsRefusalIsKnownBeforeAnythingIsSigned() throws Exception {
    try (RealChain chain = RealChain.start()) {
      Transactor transactor = transactor(chain, SHALLOW);
      EscrowClient escrow = chain.deploy(transactor);
      Terms terms = chain.terms(1);
      bring(transactor, escrow.request("lock", new EscrowCall.Lock(terms), PAYER.address()));
      Stage again =
          transactor
              .bring(
                  escrow.request("again", new EscrowCall.Lock(terms), PAYER.address()),
                  PAYER,
                  RealChain.POLL,
                  RealChain.PATIENCE)
              .tracked()
              .stage();
      assertThat(again)
          .isInstanceOfSatisfying(
              Stage.Reverted.class,
              reverted -> {
                assertThat(reverted.error().name()).isEqualTo("Exists");
                assertThat(reverted.nonce()).isEmpty();
              });
      Stage early =
          transactor
              .bring(
                  escrow.request("refund", new EscrowCall.Refund(terms), PAYER.address()),
                  PAYER,
                  RealChain.POLL,
                  RealChain.PATIENCE)
              .tracked()
              .stage();
      assertThat(((Stage.Reverted) early).error().toString())
          .isEqualTo("TooEarly(" + terms.deadline() + ")");
    }
  }

  @Test
  void refusalInABlockIsReportedWithItsReason() throws Exception {
    try (RealChain chain = RealChain.start()) {
      Transactor transactor = transactor(chain, SHALLOW);
      EscrowClient escrow = chain.deploy(transactor);
      Terms terms = chain.terms(1);
      bring(transactor, escrow.request("lock", new EscrowCall.Lock(terms), PAYER.address()));
      chain.anvil().automine(false);
      // The operator's release would work when it is tried, but the payer's is mined first.
      Signer operator = RealChain.signer(2);
      store.plan(escrow.request("release", new EscrowCall.Release(terms), operator.address()));
      transactor.step(operator);
      BigInteger dear = BigInteger.TEN.pow(12);
      Request faster = escrow.request("faster", new EscrowCall.Release(terms), PAYER.address());
      chain
          .node()
          .send(PAYER.attempt(Anvil.CHAIN_ID, faster, 1, new Fees(dear, dear), 200_000).raw());
      chain.anvil().mine(1);
      await(() -> {
        transactor.step(operator);
        return store.find("release").orElseThrow().stage().isOver();
      });
      assertThat(store.find("release").orElseThrow().stage())
          .isInstanceOfSatisfying(
              Stage.Reverted.class,
              reverted -> {
                assertThat(reverted.where()).isPresent();
                assertThat(reverted.nonce()).hasValue(0);
                assertThat(reverted.error().name()).isEqualTo("WrongState");
              });
      assertThat(chain.reports(escrow, RealChain.id(escrow, terms))).isEqualTo(2);
    }
  }

  @Test
  void finalIsWhatTheChainCallsFinal() throws Exception {
    try (RealChain chain = RealChain.start("--slots-in-an-epoch", "1")) {
      Transactor transactor = transactor(chain, new Finality.Tag());
      store.plan(pay("pay", 7));
      await(() -> one(transactor).tracked().stage() instanceof Stage.Mined);
      assertThat(one(transactor).waiting().orElseThrow().reason()).isEqualTo(WaitReason.CONFIRMING);
      chain.anvil().mine(3);
      await(() -> over(transactor, "pay"));
    }
  }

  @Test
  void wrongChainIsRefused() throws Exception {
    try (RealChain chain = RealChain.start("--chain-id", "5")) {
      assertThatThrownBy(() -> transactor(chain, SHALLOW).requireChain())
          .isInstanceOf(WrongChainException.class)
          .hasMessageContaining("chain 5, wanted chain 31337");
    }
    try (RealChain chain = RealChain.start()) {
      transactor(chain, SHALLOW).requireChain();
    }
    try (RealChain chain = RealChain.start("--timestamp", "1000")) {
      assertThatThrownBy(() -> transactor(chain, SHALLOW).requireChain())
          .isInstanceOf(WrongChainException.class)
          .hasMessageContaining("wants a new database");
    }
  }

  @Test
  void logsAreReadInPartsAndAgainWhenTheirChainIsGone() throws Exception {
    try (RealChain chain = RealChain.start()) {
      Transactor transactor = transactor(chain, SHALLOW);
      EscrowClient escrow = chain.deploy(transactor);
      ContractLogs logs = new ContractLogs(chain.node(), escrow.address(), 1, 20);
      for (int i = 0; i < 3; i++) {
        bring(
            transactor,
            escrow.request("lock" + i, new EscrowCall.Lock(chain.terms(i)), PAYER.address()));
        chain.anvil().mine(20);
      }
      List<ChainLog> read = new ArrayList<>();
      Optional<BlockRef> cursor = Optional.empty();
      int parts = 0;
      long last = chain.node().head().ref().number();
      while (true) {
        Optional<ContractLogs.Part> part = logs.next(cursor, last);
        if (part.isEmpty()) {
          break;
        }
        read.addAll(part.get().logs());
        cursor = Optional.of(part.get().upTo());
        parts++;
      }
      assertThat(read).hasSize(3);
      assertThat(parts).isBetween(3, 5);
      assertThat(cursor.orElseThrow().number()).isEqualTo(last);
      chain.anvil().reorg(1);
      ContractLogs.Part again = logs.next(cursor, last).orElseThrow();
      assertThat(again.restarted()).isTrue();
      assertThat(again.logs()).isNotEmpty();
    }
  }

  private Transactor transactor(RealChain chain, Finality finality) {
    return new Transactor(chain.node(), store, Anvil.CHAIN_ID, finality, FeePolicy.DEFAULT);
  }

  private static void bring(Transactor transactor, Request request) throws Exception {
    Transactor.Report report = transactor.bring(request, PAYER, RealChain.POLL, RealChain.PATIENCE);
    assertThat(report.tracked().stage()).as(report.toString()).isInstanceOf(Stage.Final.class);
  }

  /// One look for the only wish of the payer that is under way.
  private static Transactor.Report one(Transactor transactor) throws Exception {
    return transactor.step(PAYER).getFirst();
  }

  private boolean over(Transactor transactor, String key) throws Exception {
    transactor.step(PAYER);
    return store.find(key).orElseThrow().stage() instanceof Stage.Final;
  }

  private static EscrowState state(RealChain chain, EscrowClient escrow, Hash id)
      throws ChainException {
    return escrow.status(id, chain.node().head().ref().number()).state();
  }

  private static Request pay(String key, long wei) {
    return new Request(
        key,
        PAYER.address(),
        Optional.of(new Address("0x" + "e".repeat(40))),
        BigInteger.valueOf(wei),
        "0x");
  }

  private static BigInteger received(RealChain chain) throws ChainException {
    return chain
        .node()
        .balanceAt(new Address("0x" + "e".repeat(40)), chain.node().head().ref().number());
  }

  private static void await(Callable<Boolean> condition) {
    org.awaitility.Awaitility.await()
        .atMost(RealChain.PATIENCE)
        .pollInterval(RealChain.POLL)
        .until(condition);
  }
}
