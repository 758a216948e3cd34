package org.agentchat.akash.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.agentchat.akash.simulator.SimulatedProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Whole deployments on the simulated network, each with something that goes wrong. After every one
/// the books agree with the chain, and nothing is open that is not said to be.
final class DeploymentScenarioIT {
  private static final Duration DAY = Duration.ofDays(1);

  @TempDir private Path home;
  private Stage stage;

  @BeforeEach
  void begin() {
    stage = new Stage(home).funded();
  }

  @AfterEach
  void end() {
    stage.close();
  }

  /// The books agree with the chain.
  private void settledWith(DeploymentRecord record) {
    Money money = record.money();
    assertThat(record.pending()).isEmpty();
    assertThat(money.fees() + money.burned()).isEqualTo(stage.spentAkt());
    if (record.phase().isOver()) {
      assertThat(stage.akash.openDeployments()).isZero();
      assertThat(money.deposited()).isZero();
      assertThat(money.paid()).isEqualTo(stage.spentAct());
    } else {
      assertThat(stage.akash.openDeployments()).isEqualTo(1);
      assertThat(money.deposited() + money.paid())
          .as("never more than the plan's deposit, however often a provider was replaced")
          .isEqualTo(Stage.DEPOSIT)
          .isEqualTo(stage.spentAct());
    }
  }

  private static long count(List<String> transactions, String one) {
    return transactions.stream().filter(one::equals).count();
  }

  @Test
  void cheapestBidRunsUntilItsOwnerClosesIt() {
    stage.akash.provider("900", 1);
    SimulatedProvider cheap = stage.akash.provider("12", 2);
    DeploymentRecord record = stage.run(Stage.plan());
    assertThat(record.phase()).as("%s", stage.story).isEqualTo(Phase.RUNNING);
    assertThat(record.chosen().get(1).provider()).isEqualTo(cheap.address());
    assertThat(record.chosen().get(1).why())
        .hasSize(2)
        .first()
        .asString()
        .contains(cheap.address(), ": chosen");
    assertThat(record.uris()).hasSize(1).first().asString().endsWith(".example.com");
    assertThat(stage.akash.transactions())
        .containsExactly("MsgCreateDeployment 0", "MsgCreateLease 0");
    settledWith(record);
    long dseq = record.id().orElseThrow().dseq();
    DeploymentRecord closed = stage.closeDeployment(dseq);
    assertThat(closed.phase()).isEqualTo(Phase.CLOSED);
    assertThat(closed.why()).isEqualTo(Decision.OWNERS_WISH);
    assertThat(closed.money().paid()).isPositive();
    settledWith(closed);
  }

  @Test
  void missingActIsMintedOnce() {
    stage.close();
    stage = new Stage(home);
    stage.akash.fund(Stage.OWNER, 50_000_000, 0);
    stage.akash.provider("12", 1);
    DeploymentRecord record = stage.run(Stage.plan(BidRules.ANY, 21_000_000));
    assertThat(record.phase()).as("%s", stage.story).isEqualTo(Phase.RUNNING);
    assertThat(count(stage.akash.transactions(), "MsgMintACT 0")).isEqualTo(1);
    assertThat(record.money().burned()).isEqualTo(21_000_000);
    assertThat(record.money().fees() + record.money().burned()).isEqualTo(stage.spentAkt());
  }

  @Test
  void withoutBidsItIsClosedAndPaysNobody() {
    DeploymentRecord record = stage.run(Stage.plan());
    assertThat(record.phase()).isEqualTo(Phase.FAILED);
    assertThat(record.why()).contains("nobody bid within 60 blocks");
    assertThat(record.money().paid()).isZero();
    settledWith(record);
  }

  @Test
  void bidsThatDoNotFitAreExplained() {
    SimulatedProvider dear = stage.akash.provider("500", 1).with("region", "eu-west");
    SimulatedProvider unaudited = stage.akash.provider("5", 1).with("region", "eu-west");
    SimulatedProvider far =
        stage.akash.provider("6", 1).auditedBy(Stage.OWNER).with("region", "us-east");
    BidRules rules =
        new BidRules(
            Optional.of(BigDecimal.valueOf(100)),
            List.of(Stage.OWNER),
            new TreeMap<>(),
            List.of("eu-west"),
            Optional.empty());
    DeploymentRecord record = stage.run(Stage.plan(rules, 0));
    assertThat(record.phase()).isEqualTo(Phase.FAILED);
    assertThat(record.why())
        .contains("no bid fits")
        .contains(dear.address(), "is above the ceiling of 100uact")
        .contains(unaudited.address(), "is not audited by " + Stage.OWNER)
        .contains(far.address(), "is in the region us-east");
    settledWith(record);
  }

  @Test
  void bidThatCannotBeAcceptedLeadsToTheNext() {
    SimulatedProvider first = stage.akash.provider("5", 1);
    SimulatedProvider second = stage.akash.provider("6", 1);
    stage.akash.failDelivery(Stage.LEASE, 1);
    DeploymentRecord record = stage.run(Stage.plan());
    assertThat(record.phase()).as("%s", stage.story).isEqualTo(Phase.RUNNING);
    assertThat(record.avoided()).containsKey(first.address());
    assertThat(record.chosen().get(1).provider()).isEqualTo(second.address());
    assertThat(stage.akash.transactions())
        .containsExactly("MsgCreateDeployment 0", "MsgCreateLease 16", "MsgCreateLease 0");
    settledWith(record);
  }

  @Test
  void insufficientFundsOpenNothing() {
    stage.close();
    stage = new Stage(home);
    stage.akash.fund(Stage.OWNER, 50_000_000, 1_000_000);
    DeploymentRecord record = stage.run(Stage.plan());
    assertThat(record.phase()).isEqualTo(Phase.FAILED);
    assertThat(record.why())
        .isEqualTo(
            "the deposit of 5 ACT is more than the wallet's 1 ACT, and no AKT is to be burned for"
                + " it");
    assertThat(stage.akash.broadcasts()).isZero();
  }

  @Test
  void withoutMoneyForFeesNothingIsTried() {
    stage.close();
    stage = new Stage(home);
    stage.akash.fund(Stage.OWNER, 99_999, 20_000_000);
    DeploymentRecord record = stage.run(Stage.plan());
    assertThat(record.phase()).isEqualTo(Phase.FAILED);
    assertThat(record.why())
        .isEqualTo("0.1 AKT are needed for fees and the wallet has 0.099999 AKT");
  }

  @Test
  void haltedMintOpensNothing() {
    stage.close();
    stage = new Stage(home);
    stage.akash.fund(Stage.OWNER, 50_000_000, 0);
    stage.akash.haltMint(true);
    DeploymentRecord record = stage.run(Stage.plan(BidRules.ANY, 21_000_000));
    assertThat(record.phase()).isEqualTo(Phase.FAILED);
    assertThat(record.why()).contains("mints no ACT at present (mint_status_halt_cr)");
    assertThat(stage.akash.broadcasts()).isZero();
  }

  /// The node takes it and nobody ever sees it: it is sent again, the same bytes.
  @Test
  void lostTransactionIsSentAgainAndDoneOnce() {
    stage.akash.provider("12", 1);
    stage.akash.lose(Stage.CREATE);
    stage.akash.lose(Stage.LEASE);
    DeploymentRecord record = stage.run(Stage.plan());
    assertThat(record.phase()).as("%s", stage.story).isEqualTo(Phase.RUNNING);
    assertThat(stage.akash.transactions())
        .containsExactly("MsgCreateDeployment 0", "MsgCreateLease 0");
    settledWith(record);
  }

  /// It is done, and the answer gets lost on the way.
  @Test
  void answerThatNeverComesIsNoReasonToPayTwice() {
    stage.akash.provider("12", 1);
    stage.akash.disturbAfter("/cosmos/tx/v1beta1/txs", 0, 1);
    stage.chainPatience = Duration.ofSeconds(2);
    DeploymentRecord record = stage.run(Stage.plan());
    assertThat(record.phase()).as("%s", stage.story).isEqualTo(Phase.RUNNING);
    assertThat(stage.akash.transactions())
        .containsExactly("MsgCreateDeployment 0", "MsgCreateLease 0");
    settledWith(record);
  }

  @Test
  void busyNodeIsAskedAgain() {
    stage.akash.provider("12", 1);
    stage.akash.disturb("/cosmos/tx/v1beta1/simulate", 429, 2);
    stage.akash.disturb("/akash/market", 500, 2);
    stage.akash.disturbAfter("/cosmos/tx/v1beta1/txs", 500, 1);
    DeploymentRecord record = stage.run(Stage.plan());
    assertThat(record.phase()).as("%s", stage.story).isEqualTo(Phase.RUNNING);
    settledWith(record);
  }

  /// Another client of the account takes the sequence while ours is on its way.
  @Test
  void sequenceTakenByAnotherClientIsReadAnew() {
    stage.akash.provider("12", 1);
    stage.akash.lose(Stage.CREATE);
    DeploymentRecord begun = stage.runUntil(Stage.plan(), Phase.CREATING);
    assertThat(begun.phase()).isEqualTo(Phase.CREATING);
    stage.akash.pause();
    Thread other =
        Thread.ofVirtual()
            .start(() -> {
              while (stage.akash.broadcasts() == 0) {
                LockSupport.parkNanos(1_000_000);
              }
              stage.akash.advanceSequence(Stage.OWNER);
              stage.akash.resume();
            });
    stage.resume();
    assertThat(other.isAlive()).isFalse();
    DeploymentRecord record = stage.record();
    assertThat(record.phase()).as("%s", stage.story).isEqualTo(Phase.RUNNING);
    assertThat(stage.story.toString()).contains("Dropped");
    assertThat(count(stage.akash.transactions(), "MsgCreateDeployment 0")).isEqualTo(1);
    settledWith(record);
  }

  @Test
  void deploymentThatFailsInItsBlockIsPaidForAndOpensNothing() {
    stage.akash.failDelivery(Stage.CREATE, 1);
    DeploymentRecord record = stage.run(Stage.plan());
    assertThat(record.phase()).isEqualTo(Phase.FAILED);
    assertThat(record.why()).contains("could not be opened: code 16 of market");
    assertThat(record.money().fees()).isPositive();
    settledWith(record);
  }

  @Test
  void providerThatRefusesLeadsToTheNextBid() {
    for (int status : new int[] {401, 422}) {
      SimulatedProvider bad = stage.akash.provider("5", 1);
      SimulatedProvider good = stage.akash.provider("6", 1);
      bad.answerManifests(status);
      DeploymentRecord record = stage.run(Stage.plan());
      assertThat(record.phase()).as("%s", stage.story).isEqualTo(Phase.RUNNING);
      assertThat(record.avoided().get(bad.address())).contains("answers " + status);
      assertThat(record.chosen().get(1).provider()).isEqualTo(good.address());
      assertThat(record.round()).isEqualTo(2);
      settledWith(record);
      stage.closeDeployment(record.id().orElseThrow().dseq());
      stage.close();
      stage = new Stage(home.resolve("next")).funded();
    }
  }

  @Test
  void providerThatDoesNotKnowTheLeaseForEverIsGivenUp() {
    SimulatedProvider bad = stage.akash.provider("5", 1);
    stage.akash.provider("6", 1);
    bad.answerManifests(404);
    Patience hasty = new Patience(3, 60, 100, 1_000, 100, 2_000, 100, 3);
    DeploymentRecord record = stage.run(Stage.plan(BidRules.ANY, 0, hasty));
    assertThat(record.phase()).as("%s", stage.story).isEqualTo(Phase.RUNNING);
    assertThat(record.avoided().get(bad.address())).contains("was not taken", "answers 404");
    assertThat(bad.manifestAnswers()).hasSizeGreaterThan(1);
    settledWith(record);
  }

  @Test
  void providerThatHangsIsGivenUp() {
    SimulatedProvider bad = stage.akash.provider("5", 1);
    stage.akash.provider("6", 1);
    bad.hang(true);
    stage.providerPatience = Duration.ofMillis(1_500);
    Patience hasty = new Patience(3, 60, 100, 1_000, 5, 2_000, 100, 3);
    DeploymentRecord record = stage.run(Stage.plan(BidRules.ANY, 0, hasty));
    assertThat(record.phase()).as("%s", stage.story).isEqualTo(Phase.RUNNING);
    assertThat(record.avoided().get(bad.address())).contains("does not answer within");
    settledWith(record);
  }

  /// The manifest may hold secrets, so somebody else's certificate gets nothing at all.
  @Test
  void impostorGetsNoManifest() {
    SimulatedProvider impostor = stage.akash.provider("5", 1).withAnotherCertificateOnChain();
    SimulatedProvider unknown = stage.akash.provider("6", 1).withoutCertificateOnChain();
    stage.akash.provider("7", 1);
    DeploymentRecord record = stage.run(Stage.plan());
    assertThat(record.phase()).as("%s", stage.story).isEqualTo(Phase.RUNNING);
    for (SimulatedProvider one : List.of(impostor, unknown)) {
      assertThat(record.avoided().get(one.address()))
          .contains("the chain does not have this certificate");
      assertThat(one.manifestAnswers()).isEmpty();
    }
    settledWith(record);
  }

  @Test
  void providerThatNeverStartsIsGivenUp() {
    SimulatedProvider lazy = stage.akash.provider("5", 1);
    lazy.neverReady(true);
    stage.akash.provider("6", 1);
    Patience hasty = new Patience(3, 60, 100, 1_000, 2_000, 150, 100, 3);
    DeploymentRecord record = stage.run(Stage.plan(BidRules.ANY, 0, hasty));
    assertThat(record.phase()).as("%s", stage.story).isEqualTo(Phase.RUNNING);
    assertThat(record.avoided().get(lazy.address())).contains("did not start everything");
    settledWith(record);
  }

  @Test
  void providerThatDiesIsReplaced() {
    SimulatedProvider mortal = stage.akash.provider("5", 1);
    stage.akash.provider("6", 1);
    stage.run(Stage.plan());
    mortal.close();
    stage.resume();
    DeploymentRecord record = stage.record();
    assertThat(record.phase()).as("%s", stage.story).isEqualTo(Phase.RUNNING);
    assertThat(record.avoided().get(mortal.address())).contains("has stopped answering");
    settledWith(record);
  }

  @Test
  void leaseThatTheProviderEndsIsReplaced() {
    stage.akash.provider("5", 1);
    stage.akash.provider("6", 1);
    DeploymentRecord first = stage.run(Stage.plan());
    stage.akash.endLease(first.id().orElseThrow().dseq());
    stage.resume();
    DeploymentRecord record = stage.record();
    assertThat(record.phase()).as("%s", stage.story).isEqualTo(Phase.RUNNING);
    assertThat(record.round()).isEqualTo(2);
    settledWith(record);
  }

  @Test
  void emptyEscrowIsTheEndAndIsSaid() {
    stage.akash.provider("5", 1);
    DeploymentRecord first = stage.run(Stage.plan());
    stage.akash.emptyEscrow(first.id().orElseThrow().dseq());
    stage.akash.mine(2);
    stage.resume();
    DeploymentRecord record = stage.record();
    assertThat(record.phase()).isEqualTo(Phase.CLOSED);
    assertThat(record.why()).isEqualTo("its escrow is empty, so the chain closed it");
    assertThat(record.money().paid()).isEqualTo(Stage.DEPOSIT);
    settledWith(record);
  }

  @Test
  void failedRoundsEndWithNothingOpen() {
    for (int i = 0; i < 4; i++) {
      stage.akash.provider("5", 1).answerManifests(422);
    }
    DeploymentRecord record = stage.run(Stage.plan());
    assertThat(record.phase()).isEqualTo(Phase.FAILED);
    assertThat(record.round()).isEqualTo(3);
    assertThat(record.why()).contains("answers 422");
    settledWith(record);
  }

  @Test
  void ownerMayChooseTheBid() {
    stage.akash.provider("5", 1);
    SimulatedProvider dear = stage.akash.provider("900", 1);
    Patience slow = new Patience(10_000, 20_000, 100, 1_000, 2_000, 2_000, 100, 3);
    DeploymentRecord begun = stage.runUntil(Stage.plan(BidRules.ANY, 0, slow), Phase.BIDDING);
    stage.akash.mine(3);
    DeploymentRecord record = stage.accept(begun.id().orElseThrow().dseq(), dear.address());
    assertThat(record.phase()).as("%s", stage.story).isEqualTo(Phase.RUNNING);
    assertThat(record.chosen().get(1).provider()).isEqualTo(dear.address());
  }

  @Test
  void timeThatIsOverClosesIt() {
    stage.akash.provider("5", 1);
    DeploymentRecord running =
        stage.run(Stage.planUntil(System.currentTimeMillis() + DAY.toMillis()));
    assertThat(running.phase()).as("%s", stage.story).isEqualTo(Phase.RUNNING);
    stage.skip(DAY);
    stage.resume();
    DeploymentRecord record = stage.record();
    assertThat(record.phase()).as("%s", stage.story).isEqualTo(Phase.CLOSED);
    assertThat(record.why()).isEqualTo("its time is over");
    settledWith(record);
  }

  /// A node whose clock is wrong, or a machine whose is.
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void clockThatIsAloneAheadClosesNothing(boolean ofTheNode) {
    stage.akash.provider("5", 1);
    stage.run(Stage.planUntil(System.currentTimeMillis() + DAY.toMillis()));
    if (ofTheNode) {
      stage.akash.skip(DAY);
    } else {
      stage.ahead = DAY;
    }
    stage.resume();
    assertThat(stage.record().phase()).as("%s", stage.story).isEqualTo(Phase.RUNNING);
  }

  @Test
  void timeThatIsOverBeforeItBeginsOpensNothing() {
    stage.akash.provider("5", 1);
    DeploymentRecord record = stage.run(Stage.planUntil(1));
    assertThat(record.phase()).as("%s", stage.story).isEqualTo(Phase.FAILED);
    assertThat(record.why()).isEqualTo("its time is over");
    assertThat(stage.akash.broadcasts()).isZero();
  }

  @ParameterizedTest
  @EnumSource(
      value = Phase.class,
      names = {"CREATING", "BIDDING", "LEASING", "SENDING_MANIFEST"})
  void timeThatIsOverBeforeItRunsIsNoReasonToGoOn(Phase phase) {
    stage.akash.provider("5", 1);
    stage.runUntil(Stage.planUntil(System.currentTimeMillis() + DAY.toMillis()), phase);
    stage.skip(DAY);
    stage.resume();
    DeploymentRecord record = stage.record();
    assertThat(record.phase()).as("%s", stage.story).isEqualTo(Phase.FAILED);
    assertThat(record.why()).isEqualTo("its time is over");
    assertThat(record.ran()).isFalse();
    settledWith(record);
  }

  @Test
  void replacementIsPaidFromWhatTheFirstLeft() {
    stage.akash.provider("900", 1);
    stage.akash.provider("901", 1);
    DeploymentRecord first = stage.run(Stage.plan());
    stage.akash.mine(10);
    stage.akash.endLease(first.id().orElseThrow().dseq());
    stage.resume();
    DeploymentRecord record = stage.record();
    assertThat(record.phase()).as("%s", stage.story).isEqualTo(Phase.RUNNING);
    assertThat(record.money().paid()).isGreaterThanOrEqualTo(9_000);
    assertThat(record.numbers())
        .containsExactly(first.id().orElseThrow().dseq(), record.id().orElseThrow().dseq());
    settledWith(record);
  }

  @Test
  void whenAllOfTheDepositIsSpentThereIsNoReplacement() {
    stage.akash.provider("5", 1);
    DeploymentRecord first = stage.run(Stage.plan());
    long dseq = first.id().orElseThrow().dseq();
    stage.akash.pause();
    stage.akash.emptyEscrow(dseq);
    stage.akash.endLease(dseq);
    stage.akash.resume();
    stage.resume();
    DeploymentRecord record = stage.record();
    assertThat(record.phase()).as("%s", stage.story).isEqualTo(Phase.CLOSED);
    assertThat(record.money().paid()).isEqualTo(Stage.DEPOSIT);
    settledWith(record);
  }

  @Test
  void providerThatSaysNoneOfNoneIsGivenUp() {
    SimulatedProvider empty = stage.akash.provider("5", 1);
    empty.countNothing(true);
    SimulatedProvider good = stage.akash.provider("6", 1);
    good.claim(List.of("\ud800", "two words", "", "x".repeat(301), "y".repeat(300)));
    Patience hasty = new Patience(3, 60, 100, 1_000, 2_000, 150, 100, 3);
    DeploymentRecord record = stage.run(Stage.plan(BidRules.ANY, 0, hasty));
    assertThat(record.phase()).as("%s", stage.story).isEqualTo(Phase.RUNNING);
    assertThat(record.avoided().get(empty.address())).contains("did not start everything");
    assertThat(record.uris()).hasSize(2).contains("y".repeat(300));
    settledWith(record);
  }
}
