package org.agentchat.deploy;

import static org.agentchat.deploy.Bazaar.CUSTOMER;
import static org.agentchat.deploy.Bazaar.SDL;
import static org.agentchat.deploy.Bazaar.terms;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.agentchat.akash.deployment.Watcher;
import org.agentchat.akash.simulator.SimulatedAkash;
import org.agentchat.ledger.Proposal;
import org.agentchat.log.BrokerSettings;
import org.agentchat.log.EmbeddedBroker;
import org.agentchat.log.KafkaSettings;
import org.agentchat.schemas.statement.DeploymentStatement;
import org.agentchat.schemas.statement.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A worker whose process is killed (`kill -9`) after every step of its deployment and after every
/// statement, and started again each time.
@Timeout(600)
final class WorkerKillIT {
  private static final int MAX_LIVES = 40;

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @TempDir private Path folder;

  private EmbeddedBroker broker;
  private MoodyLog log;
  private SimulatedAkash akash;
  private Bazaar bazaar;

  @BeforeEach
  void begin() throws InterruptedException {
    broker = EmbeddedBroker.start(BrokerSettings.in(folder.resolve("kafka")), _ -> {});
    log =
        new MoodyLog(
            PatientLog.open(KafkaSettings.embedded(broker.bootstrapServers()).withTopic("killed")));
    akash = new SimulatedAkash("sandbox-2", Duration.ofMillis(30));
    akash.fund(Shop.KEY.address().text(), 50_000_000, 20_000_000);
    akash.provider("5", 1);
    bazaar = new Bazaar(log, 0);
  }

  @AfterEach
  void end() {
    akash.close();
    log.close();
    broker.close();
  }

  @Test
  void dealIsFulfilledOnceAndClosedOnceWhateverStepTheWorkerIsKilledAfter() throws Exception {
    String deal = bazaar.offer(CUSTOMER, terms(SDL, 6_000_000, "24h"));
    List<String> steps = new ArrayList<>();
    while (bazaar.deal(deal).status() != Proposal.Status.COMPLETED) {
      assertThat(steps).hasSizeLessThan(MAX_LIVES);
      steps.add(live(Duration.ZERO));
    }
    assertThat(steps)
        .containsSubsequence(
            "REGISTER_SKILLS",
            "ACCEPT",
            "Entered",
            "Numbered",
            "Signed",
            "Delivered",
            "Chosen",
            "Signed",
            "Delivered",
            "Leased",
            "ManifestTaken",
            "Ready",
            "DEPLOYMENT_RUNNING",
            "COMPLETE");
    assertThat(bazaar.story())
        .containsExactly("PROPOSAL", "REGISTER_SKILLS", "ACCEPT", "DEPLOYMENT_RUNNING", "COMPLETE");
    assertThat(akash.transactions()).containsExactly("MsgCreateDeployment 0", "MsgCreateLease 0");
    assertThat(akash.openDeployments()).isEqualTo(1);
    isClosedOnce(Duration.ofDays(1), "its time is over");
    assertThat(akash.transactions()).hasSize(3).last().isEqualTo("MsgCloseDeployment 0");
  }

  /// It ran, and its deal was disputed before the worker could complete it.
  @Test
  void machinesOfADealThatEndedAreClosedOnceWhateverStepTheWorkerIsKilledAfter() throws Exception {
    String deal = bazaar.offer(CUSTOMER, terms(SDL, 6_000_000, "24h"));
    log.refuse("COMPLETE");
    try (Worker _ = work(Duration.ZERO)) {
      await("runs")
          .atMost(PATIENCE)
          .until(() -> bazaar.story().getLast().equals("DEPLOYMENT_RUNNING"));
    }
    bazaar.says(CUSTOMER, new Statement.Dispute(deal, "changed my mind"));
    isClosedOnce(Duration.ZERO, "the deal is disputed");
  }

  private Worker work(Duration ahead) {
    return Worker.start(
        Shop.settings(folder.resolve("home"), akash.uri(), Shop.PATIENCE),
        log,
        Watcher.SILENT,
        Clock.offset(Clock.systemUTC(), ahead));
  }

  private void isClosedOnce(Duration ahead, String why) throws Exception {
    akash.skip(ahead);
    List<String> steps = new ArrayList<>();
    while (!bazaar.story().contains("DEPLOYMENT_CLOSED")) {
      assertThat(steps).hasSizeLessThan(MAX_LIVES);
      steps.add(live(ahead));
    }
    assertThat(steps)
        .containsSubsequence(
            "CloseWanted",
            "Entered",
            "Signed",
            "Delivered",
            "Settled",
            "Entered",
            "DEPLOYMENT_CLOSED");
    assertThat(akash.openDeployments()).isZero();
    long paid = akash.balance(Shop.KEY.address().text(), "uact");
    // One that is not killed finds nothing to do.
    try (Worker last = work(ahead)) {
      await("a look at everything")
          .atMost(PATIENCE)
          .until(() -> last.health().isHealthy() && last.health().deployments().isEmpty());
    }
    assertThat(Collections.frequency(bazaar.story(), "DEPLOYMENT_CLOSED")).isEqualTo(1);
    assertThat(bazaar.story()).noneMatch(type -> type.startsWith("refused"));
    DeploymentStatement.DeploymentClosed closed =
        (DeploymentStatement.DeploymentClosed) bazaar.last("DEPLOYMENT_CLOSED");
    assertThat(closed.reason()).isEqualTo(why);
    assertThat(closed.paid()).isPositive().isEqualTo(20_000_000 - paid);
  }

  /// One process: what it says before it is killed.
  private String live(Duration ahead) throws IOException, InterruptedException {
    Path errors = folder.resolve("errors.txt");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx160m",
                "-cp",
                System.getProperty("java.class.path"),
                MortalWorker.class.getName(),
                broker.bootstrapServers(),
                "killed",
                akash.uri().toString(),
                folder.resolve("home").toString(),
                ahead.toString())
            .redirectError(errors.toFile())
            .start();
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        if (line.startsWith(MortalWorker.STEP)) {
          return line.substring(MortalWorker.STEP.length());
        }
      }
      throw new AssertionError(
          "it ended by itself with exit code %d: %s"
              .formatted(process.waitFor(), Files.readString(errors)));
    } finally {
      process.destroyForcibly();
      process.waitFor();
    }
  }
}
