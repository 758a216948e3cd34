package org.agentchat.akash.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.agentchat.akash.Vectors;
import org.agentchat.akash.simulator.SimulatedProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Changes of a deployment that runs on the simulated network, each with something that goes wrong.
/// After every one the books agree with the chain, and what ran before runs on unless the chain
/// closed it.
final class AmendmentScenarioIT {
  private static final long MORE = 2_000_000;
  private static final String TOP_UP_DONE = "MsgAccountDeposit 0";
  private static final String UPDATE_DONE = "MsgUpdateDeployment 0";

  @TempDir private Path home;
  private Stage stage;
  private SimulatedProvider provider;
  private long dseq;

  @BeforeEach
  void begin() {
    stage = new Stage(home).funded();
    provider = stage.akash.provider("12", 1);
    dseq = stage.run(Stage.plan()).id().orElseThrow().dseq();
  }

  @AfterEach
  void end() {
    stage.close();
  }

  private long count(String transaction) {
    return stage.akash.transactions().stream().filter(transaction::equals).count();
  }

  /// It runs, and the books agree with the chain.
  private void runsWith(DeploymentRecord record, long deposited) {
    assertThat(record.phase()).as("%s", stage.story).isEqualTo(Phase.RUNNING);
    assertThat(record.pending()).isEmpty();
    assertThat(record.amendment()).isEmpty();
    assertThat(record.money().fees() + record.money().burned()).isEqualTo(stage.spentAkt());
    assertThat(record.money().deposited()).isEqualTo(deposited);
    assertThat(stage.spentAct()).isEqualTo(deposited);
    assertThat(stage.akash.openDeployments()).isEqualTo(1);
  }

  private void isDone(DeploymentRecord record) {
    assertThat(record.lastChange())
        .as("%s", stage.story)
        .hasValueSatisfying(change -> assertThat(change.done()).as("%s", change).isTrue());
  }

  private String failure(DeploymentRecord record) {
    Amendment.Outcome change = record.lastChange().orElseThrow();
    assertThat(change.done()).as("%s", change).isFalse();
    return change.why();
  }

  // ---- top-ups

  @Test
  void topUpIsPaidOnceAndComesBackWhenItIsNotUsed() {
    DeploymentRecord record = stage.topUp(dseq, MORE, 0);
    isDone(record);
    runsWith(record, Stage.DEPOSIT + MORE);
    assertThat(record.toppedUp()).isEqualTo(MORE);
    assertThat(count(TOP_UP_DONE)).isEqualTo(1);
    DeploymentRecord closed = stage.closeDeployment(dseq);
    assertThat(closed.money().deposited()).isZero();
    assertThat(closed.money().paid()).isPositive().isEqualTo(stage.spentAct());
  }

  @Test
  void severalTopUpsAddUp() {
    stage.topUp(dseq, MORE, 0);
    DeploymentRecord record = stage.topUp(dseq, 1, 0);
    runsWith(record, Stage.DEPOSIT + MORE + 1);
    assertThat(record.toppedUp()).isEqualTo(MORE + 1);
  }

  @Test
  void actThatIsMissingForATopUpIsMintedOnce() {
    stage.akash.fund(Stage.OWNER, 0, -15_000_000);
    DeploymentRecord record = stage.topUp(dseq, MORE, 21_000_000);
    isDone(record);
    assertThat(record.phase()).isEqualTo(Phase.RUNNING);
    assertThat(count("MsgMintACT 0")).isEqualTo(1);
    assertThat(count(TOP_UP_DONE)).isEqualTo(1);
    assertThat(record.money().burned()).isEqualTo(21_000_000);
    assertThat(record.money().fees() + record.money().burned()).isEqualTo(stage.spentAkt());
    assertThat(record.money().deposited()).isEqualTo(Stage.DEPOSIT + MORE);
  }

  @Test
  void topUpBeyondTheWalletSendsNothing() {
    int before = stage.akash.broadcasts();
    DeploymentRecord record = stage.topUp(dseq, 15_000_001, 0);
    assertThat(failure(record))
        .isEqualTo(
            "the top-up of 15.000001 ACT is more than the wallet's 15 ACT, and no AKT is to be"
                + " burned for it");
    assertThat(failure(stage.topUp(dseq, 16_000_000, 50_000_000)))
        .contains("are needed for fees and to burn for ACT and the wallet has");
    stage.akash.haltMint(true);
    assertThat(failure(stage.topUp(dseq, 16_000_000, 21_000_000)))
        .contains("mints no ACT at present (mint_status_halt_cr)");
    runsWith(stage.record(), Stage.DEPOSIT);
    assertThat(stage.akash.broadcasts()).isEqualTo(before);
  }

  @Test
  void topUpThatIsLostIsSentAgainAndPaidOnce() {
    stage.akash.lose(Stage.TOP_UP);
    DeploymentRecord record = stage.topUp(dseq, MORE, 0);
    isDone(record);
    runsWith(record, Stage.DEPOSIT + MORE);
    assertThat(count(TOP_UP_DONE)).isEqualTo(1);
  }

  /// The node takes it, and the answer gets lost.
  @Test
  void topUpWithoutAnAnswerIsNoReasonToPayTwice() {
    stage.akash.disturbAfter("/cosmos/tx/v1beta1/txs", 0, 1);
    stage.chainPatience = Duration.ofSeconds(2);
    DeploymentRecord record = stage.topUp(dseq, MORE, 0);
    isDone(record);
    runsWith(record, Stage.DEPOSIT + MORE);
    assertThat(count(TOP_UP_DONE)).isEqualTo(1);
  }

  @Test
  void topUpWhoseSequenceAnotherClientTakesIsSignedAnew() {
    stage.akash.lose(Stage.TOP_UP);
    stage.akash.pause();
    int before = stage.akash.broadcasts();
    Thread other =
        Thread.ofVirtual()
            .start(() -> {
              while (stage.akash.broadcasts() == before) {
                LockSupport.parkNanos(1_000_000);
              }
              stage.akash.advanceSequence(Stage.OWNER);
              stage.akash.resume();
            });
    DeploymentRecord record = stage.topUp(dseq, MORE, 0);
    assertThat(other.isAlive()).isFalse();
    assertThat(stage.story.toString()).contains("Dropped");
    isDone(record);
    runsWith(record, Stage.DEPOSIT + MORE);
    assertThat(count(TOP_UP_DONE)).isEqualTo(1);
  }

  @Test
  void topUpThatFailsInItsBlockCostsItsFeeAndMovesNothing() {
    stage.akash.failDelivery(Stage.TOP_UP, 1);
    DeploymentRecord record = stage.topUp(dseq, MORE, 0);
    assertThat(failure(record)).contains("nothing was added: code 16 of market");
    assertThat(record.toppedUp()).isZero();
    runsWith(record, Stage.DEPOSIT);
  }

  @Test
  void topUpOfWhatIsClosedMeanwhileMovesNothing() {
    stage.akash.before(Stage.TOP_UP, () -> stage.akash.closeDeployment(dseq));
    DeploymentRecord record = stage.topUp(dseq, MORE, 0);
    assertThat(record.phase()).as("%s", stage.story).isEqualTo(Phase.CLOSED);
    assertThat(failure(record)).isEqualTo("the chain has closed it");
    assertThat(stage.story.toString()).contains("code 2 of escrow: account closed");
    assertThat(count("MsgAccountDeposit 2")).isEqualTo(1);
    assertThat(record.money().deposited()).isZero();
    assertThat(record.money().paid()).isEqualTo(stage.spentAct());
    assertThat(record.money().fees()).isEqualTo(stage.spentAkt());
  }

  @Test
  void onlyOneChangeIsUnderWayAtATime() {
    dieWithASignedTopUp();
    assertThat(stage.record().amendment()).isPresent();
    assertThatThrownBy(() -> stage.topUp(dseq, MORE, 0))
        .hasMessage("its last change (top-up of 2 ACT) is not finished; --resume goes on with it");
    assertThatThrownBy(() -> stage.update(dseq, Stage.newSdl("1.5.0")))
        .hasMessageContaining("is not finished");
    stage.resume();
    isDone(stage.record());
    runsWith(stage.record(), Stage.DEPOSIT + MORE);
    assertThat(count(TOP_UP_DONE)).isEqualTo(1);
  }

  private void dieWithASignedTopUp() {
    stage.diesAfter = "Signed";
    assertThatThrownBy(() -> stage.topUp(dseq, MORE, 0)).isInstanceOf(Stage.Died.class);
  }

  @Test
  void whatDoesNotRunIsNotChanged() {
    stage.closeDeployment(dseq);
    assertThatThrownBy(() -> stage.topUp(dseq, MORE, 0))
        .hasMessage("the deployment is closed, and only one that is running can be changed");
    assertThatThrownBy(() -> stage.update(dseq, Stage.newSdl("1.5.0")))
        .hasMessage("the deployment is closed, and only one that is running can be changed");
  }

  /// The chain gives what is left back, the top-up too.
  @Test
  void ownerWhoClosesItDuringATopUpLosesNothing() {
    dieWithASignedTopUp();
    DeploymentRecord closed = stage.closeDeployment(dseq);
    assertThat(closed.phase()).as("%s", stage.story).isEqualTo(Phase.CLOSED);
    assertThat(stage.akash.openDeployments()).isZero();
    assertThat(closed.money().paid()).isEqualTo(stage.spentAct());
    assertThat(closed.money().fees()).isEqualTo(stage.spentAkt());
  }

  // ---- updates

  @Test
  void updateRunsWithTheNewManifest() {
    DeploymentRecord record = stage.update(dseq, Stage.newSdl("1.5.0"));
    isDone(record);
    runsWith(record, Stage.DEPOSIT);
    assertThat(provider.image(dseq)).endsWith("server:1.5.0");
    assertThat(count(UPDATE_DONE)).isEqualTo(1);
    assertThat(record.sdl()).isEqualTo(Stage.newSdl("1.5.0"));
    assertThat(DeploymentStore.reading(home, Clock.systemUTC()).records().getLast().sdl())
        .isEqualTo(record.sdl());
    DeploymentRecord back = stage.update(dseq, Vectors.text("web.yaml"));
    isDone(back);
    assertThat(provider.image(dseq)).endsWith("server:1.4.2");
    assertThat(count(UPDATE_DONE)).isEqualTo(2);
  }

  @Test
  void updateThatIsLostOrFailsInItsBlockIsLookedAt() {
    stage.akash.lose(Stage.UPDATE);
    isDone(stage.update(dseq, Stage.newSdl("1.5.0")));
    assertThat(count(UPDATE_DONE)).isEqualTo(1);
    stage.akash.failDelivery(Stage.UPDATE, 1);
    DeploymentRecord record = stage.update(dseq, Stage.newSdl("1.6.0"));
    assertThat(failure(record)).contains("the chain does not take it: code 16 of market");
    assertThat(provider.image(dseq)).endsWith("server:1.5.0");
    assertThat(record.sdl()).isEqualTo(Stage.newSdl("1.5.0"));
    runsWith(record, Stage.DEPOSIT);
  }

  @Test
  void updateOfOtherResourcesIsRefusedBeforeAnythingIsWritten() {
    int steps = stage.story.size();
    assertThatThrownBy(
            () -> stage.update(dseq, Stage.newSdl("1.5.0").replace("size: 512Mi", "size: 1Gi")))
        .hasMessageContaining("never what is rented: placement dcloud: would change: memory");
    assertThat(stage.story).hasSize(steps);
    assertThat(stage.record().lastChange()).isEmpty();
  }

  /// The provider hears of the new hash later than we do, and refuses the manifest until then.
  @Test
  void providerThatRefusesTheNewManifestIsAskedAgain() {
    provider.answerManifests(422);
    Thread later =
        Thread.ofVirtual()
            .start(() -> {
              while (!provider.manifestAnswers().contains(422)) {
                LockSupport.parkNanos(1_000_000);
              }
              provider.answerManifests(0);
            });
    DeploymentRecord record = stage.update(dseq, Stage.newSdl("1.5.0"));
    assertThat(later.isAlive()).isFalse();
    isDone(record);
    runsWith(record, Stage.DEPOSIT);
    assertThat(provider.image(dseq)).endsWith("server:1.5.0");
    assertThat(stage.story.toString()).contains("answers 422");
    assertThat(count(UPDATE_DONE)).isEqualTo(1);
  }

  @Test
  void providerThatRefusesForEverIsNamedAndTheOldManifestRunsOn() {
    hasty();
    provider.answerManifests(422);
    DeploymentRecord record = stage.update(dseq, Stage.newSdl("1.5.0"));
    assertThat(failure(record))
        .contains("the chain has the new manifest and " + provider.address() + " did not take it")
        .contains("answers 422", "costs nothing");
    runsWith(record, Stage.DEPOSIT);
    assertThat(provider.image(dseq)).endsWith("server:1.4.2");
    // Resuming does not take the provider for dead, and the same update costs no transaction.
    stage.resume();
    runsWith(stage.record(), Stage.DEPOSIT);
    provider.answerManifests(0);
    isDone(stage.update(dseq, Stage.newSdl("1.5.0")));
    assertThat(provider.image(dseq)).endsWith("server:1.5.0");
    assertThat(count(UPDATE_DONE)).isEqualTo(1);
  }

  @Test
  void providerThatDoesNotStartTheNewManifestIsNamed() {
    hasty();
    provider.neverReady(true);
    DeploymentRecord record = stage.update(dseq, Stage.newSdl("1.5.0"));
    assertThat(failure(record)).contains("has the new manifest and did not start everything");
    runsWith(record, Stage.DEPOSIT);
  }

  /// Begins another deployment, of an owner who waits for little.
  private void hasty() {
    stage.close();
    stage = new Stage(home.resolve("hasty")).funded();
    provider = stage.akash.provider("12", 1);
    Patience hasty = new Patience(3, 60, 100, 1_000, 60, 60, 1_000, 3);
    dseq = stage.run(Stage.plan(BidRules.ANY, 0, hasty)).id().orElseThrow().dseq();
  }

  @Test
  void updateOfWhatIsClosedMeanwhileEndsWithIt() {
    stage.akash.before(Stage.UPDATE, () -> stage.akash.closeDeployment(dseq));
    DeploymentRecord record = stage.update(dseq, Stage.newSdl("1.5.0"));
    assertThat(record.phase()).as("%s", stage.story).isEqualTo(Phase.CLOSED);
    assertThat(failure(record)).isEqualTo("the chain has closed it");
    assertThat(count("MsgUpdateDeployment 5")).isEqualTo(1);
    assertThat(record.money().paid()).isEqualTo(stage.spentAct());
    assertThat(provider.image(dseq)).endsWith("server:1.4.2");
  }

  /// Whoever replaces a dead provider gets the manifest that was wanted last.
  @Test
  void nextRoundBeginsWithTheUpdatedManifest() {
    stage.update(dseq, Stage.newSdl("1.5.0"));
    SimulatedProvider second = stage.akash.provider("20", 1);
    stage.akash.endLease(dseq);
    stage.resume();
    DeploymentRecord record = stage.record();
    assertThat(record.phase()).as("%s", stage.story).isEqualTo(Phase.RUNNING);
    assertThat(record.round()).isEqualTo(2);
    assertThat(second.image(record.id().orElseThrow().dseq())).endsWith("server:1.5.0");
    assertThat(List.copyOf(record.chosen().values()).getFirst().provider())
        .isEqualTo(second.address());
  }
}
