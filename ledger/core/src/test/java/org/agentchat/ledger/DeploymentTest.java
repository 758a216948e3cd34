package org.agentchat.ledger;

import static org.agentchat.ledger.World.ALICE;
import static org.agentchat.ledger.World.BOB;
import static org.agentchat.ledger.World.CAROL;
import static org.agentchat.ledger.World.accept;
import static org.agentchat.ledger.World.code;
import static org.agentchat.ledger.World.complete;
import static org.agentchat.ledger.World.effect;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.statement.DeploymentStatement;
import org.agentchat.schemas.statement.KeyStatement;
import org.agentchat.schemas.statement.Scheme;
import org.agentchat.schemas.statement.SignedStatement;
import org.agentchat.schemas.statement.Statement;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

/// Whose word counts for the machines of a deal, and which. [World] compares `check` with `apply`
/// at every statement.
final class DeploymentTest {
  private static final String LEASE = lease(1_001);
  private static final Identity LATER = World.agent("bob, later");

  private final World world = World.named();

  private static String lease(long dseq) {
    String address = "akash1" + "q".repeat(38);
    return "%s/%d/1/1/%s".formatted(address, dseq, address);
  }

  private String proposed(String capability) {
    return World.opened(
        world.says(
            ALICE,
            new Statement.Proposal(
                BOB.id(), "a relay", null, null, null, "{}", null, null, capability)));
  }

  /// Alice asks for machines, Bob accepts.
  private String agreed() {
    String id = proposed(DeploymentStatement.CAPABILITY);
    assertThat(world.says(BOB, accept(id)).refusal()).isEmpty();
    return id;
  }

  private DeploymentStatement running(String id, String lease) {
    return new DeploymentStatement.DeploymentRunning(
        id, "akashnet-2", lease, world.now() / 1_000 + 3_600, "a.example.com");
  }

  private static DeploymentStatement closed(String id) {
    return new DeploymentStatement.DeploymentClosed(id, "akashnet-2", 5, "its time is over");
  }

  private static DeploymentStatement failed(String id) {
    return new DeploymentStatement.DeploymentFailed(id, "akashnet-2", 0, "nobody bid");
  }

  private Deployment.Phase phase(String id) {
    return world.ledger.deployment(BOB.id(), id).orElseThrow().phase();
  }

  @Test
  void acceptorTellsOfMachinesFromTheirStartToTheirEnd() {
    String id = agreed();

    Applied started = world.says(BOB, running(id, LEASE));
    Deployment deployment = effect(started, Effect.DeploymentObserved.class).deployment();
    assertThat(deployment.lease()).isEqualTo(LEASE);
    assertThat(deployment.from()).isEqualTo(ALICE.id());
    assertThat(started.named()).containsExactlyInAnyOrder(ALICE.id(), BOB.id());

    assertThat(world.says(BOB, complete(id)).refusal()).isEmpty();
    assertThat(world.says(BOB, running(id, lease(1_002))).refusal()).isEmpty();
    assertThat(world.says(BOB, closed(id)).refusal()).isEmpty();
    assertThat(phase(id)).isEqualTo(Deployment.Phase.CLOSED);
  }

  @Test
  void nobodyElseIsBelieved() {
    String id = agreed();
    assertThat(code(world.says(ALICE, running(id, LEASE)))).isEqualTo(Refusal.Code.NOT_DEPLOYER);
    assertThat(code(world.says(CAROL, failed(id)))).isEqualTo(Refusal.Code.NOT_DEPLOYER);
  }

  @Test
  void onlyDealsThatAskForMachinesHaveSome() {
    String other = proposed("painting");
    world.says(BOB, accept(other));
    assertThat(code(world.says(BOB, running(other, LEASE))))
        .isEqualTo(Refusal.Code.DEPLOYMENT_NOT_FOUND);
    assertThat(code(world.says(BOB, running("prop_nope", LEASE))))
        .isEqualTo(Refusal.Code.DEPLOYMENT_NOT_FOUND);
  }

  @Test
  void nothingRunsBeforeTheDealOrBeginsAfterIt() {
    String pending = proposed(DeploymentStatement.CAPABILITY);
    assertThat(code(world.says(BOB, running(pending, LEASE))))
        .isEqualTo(Refusal.Code.DEPLOYMENT_OUT_OF_ORDER);
    String over = agreed();
    world.says(BOB, complete(over));
    assertThat(code(world.says(BOB, running(over, LEASE))))
        .isEqualTo(Refusal.Code.DEPLOYMENT_OUT_OF_ORDER);
  }

  @Test
  void whatNeverRanIsNotClosedAndWhatEndedStaysSo() {
    String id = agreed();
    assertThat(code(world.says(BOB, closed(id)))).isEqualTo(Refusal.Code.DEPLOYMENT_OUT_OF_ORDER);
    assertThat(world.says(BOB, failed(id)).refusal()).isEmpty();
    for (DeploymentStatement said : new DeploymentStatement[] {running(id, LEASE), closed(id)}) {
      assertThat(code(world.says(BOB, said))).isEqualTo(Refusal.Code.DEPLOYMENT_OUT_OF_ORDER);
    }
    String ran = agreed();
    world.says(BOB, running(ran, LEASE));
    assertThat(code(world.says(BOB, failed(ran)))).isEqualTo(Refusal.Code.DEPLOYMENT_OUT_OF_ORDER);
    world.says(BOB, closed(ran));
    assertThat(code(world.says(BOB, running(ran, LEASE))))
        .isEqualTo(Refusal.Code.DEPLOYMENT_OUT_OF_ORDER);
  }

  @Test
  void repetitionIsToldWhereTheFirstIs() {
    String id = agreed();
    Applied first = world.says(BOB, running(id, LEASE));
    Applied second = world.says(BOB, running(id, LEASE));
    assertThat(code(second)).isEqualTo(Refusal.Code.REPEATED);
    assertThat(second.refusal().orElseThrow().firstIndex()).isEqualTo(first.entry().index());
    Applied end = world.says(BOB, closed(id));
    assertThat(world.says(BOB, closed(id)).refusal().orElseThrow().firstIndex())
        .isEqualTo(end.entry().index());
    String other = agreed();
    world.says(BOB, failed(other));
    assertThat(code(world.says(BOB, failed(other)))).isEqualTo(Refusal.Code.REPEATED);
  }

  @Test
  void machinesDoNotMoveToAnotherNetwork() {
    String id = agreed();
    world.says(BOB, running(id, LEASE));
    DeploymentStatement elsewhere =
        new DeploymentStatement.DeploymentClosed(id, "sandbox-2", 0, "gone");
    assertThat(code(world.says(BOB, elsewhere))).isEqualTo(Refusal.Code.DEPLOYMENT_OUT_OF_ORDER);
  }

  @Test
  void laterKeyOfTheAcceptorSpeaksForIt() {
    String id = agreed();
    world.says(BOB, running(id, LEASE));
    world.says(BOB, KeyStatement.RotateKey.of(BOB, LATER, World.ORIGIN));
    assertThat(world.says(LATER, closed(id)).refusal()).isEmpty();
    assertThat(phase(id)).isEqualTo(Deployment.Phase.CLOSED);
  }

  @Test
  void machinesOutliveTheMemoryOfTheirDealUntilADayAfterTheirEnd() {
    String id = agreed();
    long until = world.now() / 1_000 + Duration.ofDays(10).toSeconds();
    world.says(BOB, new DeploymentStatement.DeploymentRunning(id, "akashnet-2", LEASE, until, ""));
    world.says(BOB, complete(id));
    world.after(Duration.ofDays(9)).tick();
    assertThat(world.ledger.proposal(id)).isEmpty();
    assertThat(phase(id)).isEqualTo(Deployment.Phase.RUNNING);
    assertThat(world.says(BOB, closed(id)).refusal()).isEmpty();
    world.after(Duration.ofHours(25)).tick();
    assertThat(world.ledger.deployment(BOB.id(), id)).isEmpty();
  }

  @Test
  void closingIsToldTooLateADayAfterTheTimeThatWasNamed() {
    String id = agreed();
    long until = world.now() / 1_000 + 60;
    world.says(BOB, new DeploymentStatement.DeploymentRunning(id, "akashnet-2", LEASE, until, ""));
    world.after(Duration.ofHours(25)).tick();
    assertThat(code(world.says(BOB, closed(id)))).isEqualTo(Refusal.Code.DEPLOYMENT_OUT_OF_ORDER);
    String finished = agreed();
    long soon = world.now() / 1_000 + 60;
    world.says(
        BOB, new DeploymentStatement.DeploymentRunning(finished, "akashnet-2", LEASE, soon, ""));
    world.says(BOB, complete(finished));
    world.after(Duration.ofHours(25)).tick();
    assertThat(code(world.says(BOB, closed(finished))))
        .isEqualTo(Refusal.Code.DEPLOYMENT_NOT_FOUND);
  }

  /// The deal still stands, and its acceptor still owes the machines.
  @Test
  void whoFailedMaySucceedADayLater() {
    String id = agreed();
    world.says(BOB, failed(id));
    world.after(Duration.ofHours(23)).tick();
    assertThat(code(world.says(BOB, running(id, LEASE))))
        .isEqualTo(Refusal.Code.DEPLOYMENT_OUT_OF_ORDER);
    world.after(Duration.ofHours(2)).tick();
    assertThat(world.says(BOB, running(id, LEASE)).refusal()).isEmpty();
    assertThat(phase(id)).isEqualTo(Deployment.Phase.RUNNING);
  }

  @Test
  void accountTellsOfSoManyDeploymentsAndNoMoreUntilSomeAreForgotten() {
    for (int i = 0; i < Deployments.MAX_OF_ACCOUNT; i++) {
      String id = agreed();
      assertThat(world.says(BOB, failed(id)).refusal()).isEmpty();
      world.says(BOB, complete(id));
    }
    String last = agreed();
    Applied refused = world.says(BOB, running(last, LEASE));
    assertThat(code(refused)).isEqualTo(Refusal.Code.TOO_MANY_OPEN);
    assertThat(refused.refusal().orElseThrow().detail())
        .isEqualTo(
            "%s has told of 1000 deployments, the most that are remembered".formatted(BOB.id()));
    world.after(Duration.ofHours(25)).tick();
    assertThat(world.says(BOB, running(last, LEASE)).refusal()).isEmpty();
  }

  @Test
  void whatRunsForEverIsForgottenAfterAYear() {
    String id = agreed();
    world.says(
        BOB,
        new DeploymentStatement.DeploymentRunning(id, "akashnet-2", LEASE, (1L << 53) - 1, ""));
    for (int days = 0; days < 368; days += 16) {
      world.after(Duration.ofDays(16)).tick();
    }
    assertThat(world.ledger.deployment(BOB.id(), id)).isEmpty();
  }

  @Test
  void stateHashKnowsTheMachines() {
    String id = agreed();
    World same = world.copy();
    world.says(BOB, running(id, LEASE));
    same.says(BOB, running(id, lease(1_002)));
    assertThat(world.ledger.stateHash()).isNotEqualTo(same.ledger.stateHash());
    assertThat(world.refolded().stateHash()).isEqualTo(world.ledger.stateHash());
  }

  @Test
  void oldSchemeCannotCarryIt() {
    String id = agreed();
    Assertions.assertThatThrownBy(
            () -> SignedStatement.sign(BOB, new Scheme.Joined(), running(id, LEASE)))
        .hasMessageContaining("must be signed under agentchat/2");
  }
}
