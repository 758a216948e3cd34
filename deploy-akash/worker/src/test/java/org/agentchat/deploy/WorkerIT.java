package org.agentchat.deploy;

import static org.agentchat.deploy.Bazaar.CUSTOMER;
import static org.agentchat.deploy.Bazaar.SDL;
import static org.agentchat.deploy.Bazaar.STRANGER;
import static org.agentchat.deploy.Bazaar.WORKER;
import static org.agentchat.deploy.Bazaar.terms;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.agentchat.akash.deployment.DeploymentStore;
import org.agentchat.akash.deployment.Patience;
import org.agentchat.akash.deployment.Watcher;
import org.agentchat.akash.simulator.SimulatedAkash;
import org.agentchat.akash.simulator.SimulatedProvider;
import org.agentchat.ledger.Deployment;
import org.agentchat.ledger.Proposal;
import org.agentchat.log.BrokerSettings;
import org.agentchat.log.EmbeddedBroker;
import org.agentchat.log.EventLog;
import org.agentchat.log.KafkaSettings;
import org.agentchat.schemas.statement.DeploymentStatement;
import org.agentchat.schemas.statement.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A worker on a real log and a simulated network, deal by deal.
@Timeout(400)
final class WorkerIT {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final long CEILING = 6_000_000;

  /// Failed requests, three to a question: more than a deployment bears in a round.
  private static final int NODE_AWAY = 3 * 22;

  @TempDir private static Path brokerFolder;
  private static EmbeddedBroker broker;
  private static int logs;

  @TempDir private Path home;
  private SimulatedAkash akash;
  private EventLog log;
  private Bazaar bazaar;
  private Worker worker;

  @BeforeAll
  static void startBroker() {
    broker = EmbeddedBroker.start(BrokerSettings.in(brokerFolder), _ -> {});
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @BeforeEach
  void begin() throws InterruptedException {
    akash = new SimulatedAkash("sandbox-2", Duration.ofMillis(30));
    akash.fund(Shop.KEY.address().text(), 50_000_000, 20_000_000);
    logs++;
    log = PatientLog.open(KafkaSettings.embedded(broker.bootstrapServers()).withTopic("t" + logs));
    bazaar = new Bazaar(log, 0);
  }

  @AfterEach
  void end() {
    if (worker != null) {
      worker.close();
    }
    log.close();
    akash.close();
  }

  private void work() {
    worker = Worker.start(Shop.settings(home, akash.uri(), Shop.PATIENCE), log, Watcher.SILENT);
  }

  private String offered(String terms) {
    return bazaar.offer(CUSTOMER, terms);
  }

  private void awaitStatus(String deal, Proposal.Status status) {
    await(deal + " " + status)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .failFast("the worker stopped", () -> worker.stopped().isDone())
        .until(() -> bazaar.deal(deal).status() == status);
  }

  private void awaitPhase(String deal, Deployment.Phase phase) {
    await(deal + " " + phase)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .failFast("the worker stopped", () -> worker.stopped().isDone())
        .until(() -> bazaar.deployment(deal).filter(one -> one.phase() == phase).isPresent());
  }

  @Test
  void offerIsAcceptedFulfilledAndCompletedWithItsLease() {
    akash.provider("5", 1);
    work();
    String deal = offered(terms(SDL, CEILING, "24h"));
    awaitStatus(deal, Proposal.Status.COMPLETED);
    assertThat(bazaar.story())
        .containsSubsequence("PROPOSAL", "ACCEPT", "DEPLOYMENT_RUNNING", "COMPLETE")
        .noneMatch(type -> type.startsWith("refused"));
    DeploymentStatement.DeploymentRunning running =
        (DeploymentStatement.DeploymentRunning) bazaar.last("DEPLOYMENT_RUNNING");
    assertThat(running.uris()).endsWith(".example.com");
    assertThat(((Statement.Complete) bazaar.last("COMPLETE")).proof())
        .isEqualTo("akash:sandbox-2 " + running.lease());
    String[] lease = running.lease().split("/", -1);
    assertThat(lease[0]).isEqualTo(Shop.KEY.address().text());
    assertThat(akash.deployments()).containsExactly(lease[1] + " active");
    assertThat(akash.openDeployments()).isEqualTo(1);
  }

  @Test
  void whatItCannotDoItDeclinesAndSaysWhy() {
    work();
    String unreadable = offered("a machine, please");
    awaitStatus(unreadable, Proposal.Status.REJECTED);
    assertThat(((Statement.Reject) bazaar.last("REJECT")).reason())
        .isEqualTo("terms: a JSON object of sdl, ceiling_uact and duration wanted");
    String wrong = offered(terms(SDL.replace("nginx:1.27", ""), CEILING, "24h"));
    awaitStatus(wrong, Proposal.Status.REJECTED);
    assertThat(((Statement.Reject) bazaar.last("REJECT")).reason()).startsWith("terms.sdl: line 4");
    String dear = offered(terms(SDL, Shop.MAX_CEILING + 1, "24h"));
    awaitStatus(dear, Proposal.Status.REJECTED);
    assertThat(((Statement.Reject) bazaar.last("REJECT")).reason())
        .isEqualTo("the ceiling of 9.000001 ACT is more than the 9 ACT that are taken on");
    String cheap = offered(terms(SDL, 1_000, "24h"));
    awaitStatus(cheap, Proposal.Status.REJECTED);
    assertThat(((Statement.Reject) bazaar.last("REJECT")).reason())
        .startsWith("the network wants a deposit of");
    assertThat(akash.broadcasts()).isZero();
  }

  @Test
  void strangersOfferWaitsForAPersonAndIsFulfilledThen() {
    akash.provider("5", 1);
    work();
    String deal = bazaar.offer(STRANGER, terms(SDL, CEILING, "24h"));
    String other = offered("nonsense");
    awaitStatus(other, Proposal.Status.REJECTED);
    assertThat(bazaar.deal(deal).status()).isEqualTo(Proposal.Status.PENDING);
    bazaar.acceptByHand(deal);
    awaitStatus(deal, Proposal.Status.COMPLETED);
  }

  @Test
  void termsThatCannotBeMetAreDisputedOnceTheyWereAccepted() {
    String deal = offered("{}");
    bazaar.acceptByHand(deal);
    work();
    awaitStatus(deal, Proposal.Status.DISPUTED);
    assertThat(((Statement.Dispute) bazaar.last("DISPUTE")).reason())
        .isEqualTo("terms.sdl: a text wanted");
    assertThat(akash.broadcasts()).isZero();
  }

  @Test
  void withoutABidItSaysSoDisputesAndLeavesNothingOpen() {
    work();
    String deal = offered(terms(SDL, CEILING, "24h"));
    awaitStatus(deal, Proposal.Status.DISPUTED);
    assertThat(bazaar.story()).containsSubsequence("ACCEPT", "DEPLOYMENT_FAILED", "DISPUTE");
    assertThat(((DeploymentStatement.DeploymentFailed) bazaar.last("DEPLOYMENT_FAILED")).reason())
        .startsWith("nobody bid within");
    assertThat(akash.openDeployments()).isZero();
  }

  /// The wallet is empty by then: nobody but the worker is to blame, and it wins nothing by that.
  @Test
  void failureOfItsOwnIsSaidAndNotBlamedOnTheProposer() {
    String deal = bazaar.offer(STRANGER, terms(SDL, 30_000_000, "24h"));
    bazaar.acceptByHand(deal);
    work();
    awaitPhase(deal, Deployment.Phase.FAILED);
    String other = offered("nonsense");
    awaitStatus(other, Proposal.Status.REJECTED);
    assertThat(bazaar.deal(deal).status()).isEqualTo(Proposal.Status.ACCEPTED);
    assertThat(akash.openDeployments()).isZero();
    assertThat(DeploymentStore.reading(home, Clock.systemUTC()).records())
        .as("rounds in which the deal was still accepted")
        .hasSize(1);
  }

  /// The round in which the deployment is created ends early, and the next one goes on with it.
  @Test
  void nodeThatGoesAwayInTheMiddleCostsNoSecondDeployment() {
    akash.provider("5", 1);
    akash.disturb("/akash/market", 500, NODE_AWAY);
    work();
    String deal = offered(terms(SDL, CEILING, "24h"));
    awaitStatus(deal, Proposal.Status.COMPLETED);
    assertThat(akash.deployments()).hasSize(1);
    assertThat(DeploymentStore.reading(home, Clock.systemUTC()).records()).hasSize(1);
  }

  @Test
  void machinesOfADealThatEndedAreClosed() {
    akash.provider("5", 20);
    work();
    String deal = offered(terms(SDL, CEILING, "24h"));
    awaitStatus(deal, Proposal.Status.ACCEPTED);
    await("open deployment").atMost(PATIENCE).until(() -> akash.openDeployments() == 1);
    bazaar.says(CUSTOMER, new Statement.Dispute(deal, "changed my mind"));
    await("closed").atMost(PATIENCE).until(() -> akash.openDeployments() == 0);
    assertThat(bazaar.story()).doesNotContain("DEPLOYMENT_RUNNING", "COMPLETE");
  }

  @Test
  void machinesWhoseTimeIsOverAreClosedAndThatIsSaid() {
    akash.provider("5", 1);
    String deal = offered(terms(SDL, CEILING, "24h"));
    work();
    awaitStatus(deal, Proposal.Status.COMPLETED);
    worker.close();
    akash.skip(Duration.ofDays(1));
    worker =
        Worker.start(
            Shop.settings(home, akash.uri(), Shop.PATIENCE),
            log,
            Watcher.SILENT,
            Clock.offset(Clock.systemUTC(), Duration.ofDays(1)));
    awaitPhase(deal, Deployment.Phase.CLOSED);
    assertThat(bazaar.story())
        .containsSubsequence("ACCEPT", "DEPLOYMENT_RUNNING", "COMPLETE", "DEPLOYMENT_CLOSED");
    DeploymentStatement.DeploymentClosed closed =
        (DeploymentStatement.DeploymentClosed) bazaar.last("DEPLOYMENT_CLOSED");
    assertThat(closed.reason()).isEqualTo("its time is over");
    assertThat(closed.paid()).isPositive().isLessThanOrEqualTo(CEILING);
    assertThat(akash.openDeployments()).isZero();
  }

  @Test
  void deadProviderIsReplacedAndTheLogIsTold() {
    SimulatedProvider mortal = akash.provider("5", 1);
    akash.provider("6", 1);
    worker =
        Worker.start(
            Shop.settings(
                home, akash.uri(), new Patience(3, 60, 1_000, 10_000, 20_000, 20_000, 20, 3)),
            log,
            Watcher.SILENT);
    String deal = offered(terms(SDL, CEILING, "24h"));
    awaitStatus(deal, Proposal.Status.COMPLETED);
    mortal.close();
    await("a second lease")
        .atMost(PATIENCE)
        .until(() -> Collections.frequency(bazaar.story(), "DEPLOYMENT_RUNNING") == 2);
    assertThat(akash.openDeployments()).isEqualTo(1);
  }

  @Test
  void restartBeginsNothingAgainAndGoesOnWithTheRest() {
    akash.provider("5", 1);
    work();
    String first = offered(terms(SDL, CEILING, "24h"));
    awaitStatus(first, Proposal.Status.COMPLETED);
    List<String> paid = akash.transactions();
    worker.close();
    String second = offered(terms(SDL, CEILING, "24h"));
    work();
    awaitStatus(second, Proposal.Status.COMPLETED);
    assertThat(akash.transactions()).hasSize(2 * paid.size());
    assertThat(akash.openDeployments()).isEqualTo(2);
    assertThat(Collections.frequency(bazaar.story(), "REGISTER_SKILLS")).isEqualTo(1);
    assertThat(bazaar.deal(first).to()).isEqualTo(WORKER.id());
  }
}
