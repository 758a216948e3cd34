package org.agentchat.deploy;

import static org.agentchat.deploy.Bazaar.CUSTOMER;
import static org.agentchat.deploy.Bazaar.SDL;
import static org.agentchat.deploy.Bazaar.terms;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.agentchat.akash.simulator.SimulatedAkash;
import org.agentchat.ledger.Proposal;
import org.agentchat.log.BrokerSettings;
import org.agentchat.log.EmbeddedBroker;
import org.agentchat.log.EventLog;
import org.agentchat.log.KafkaEventLog;
import org.agentchat.log.KafkaSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A worker whose process is killed (`kill -9`) after every step of its deployment and after every
/// statement, and started again each time.
@Timeout(600)
final class WorkerKillIT {
  private static final int MAX_LIVES = 40;

  @TempDir private Path folder;

  @Test
  void dealIsFulfilledOnceWhateverStepTheWorkerIsKilledAfter() throws Exception {
    try (EmbeddedBroker broker =
            EmbeddedBroker.start(BrokerSettings.in(folder.resolve("kafka")), _ -> {});
        EventLog log =
            KafkaEventLog.open(
                KafkaSettings.embedded(broker.bootstrapServers()).withTopic("killed"));
        SimulatedAkash akash = new SimulatedAkash("sandbox-2", Duration.ofMillis(30))) {
      akash.fund(Shop.KEY.address().text(), 50_000_000, 20_000_000);
      akash.provider("5", 1);
      Bazaar bazaar = new Bazaar(log, 0);
      String deal = bazaar.offer(CUSTOMER, terms(SDL, 6_000_000, "24h"));
      List<String> steps = new ArrayList<>();
      while (bazaar.deal(deal).status() != Proposal.Status.COMPLETED) {
        assertThat(steps).hasSizeLessThan(MAX_LIVES);
        steps.add(live(broker.bootstrapServers(), akash.uri().toString()));
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
          .containsExactly(
              "PROPOSAL", "REGISTER_SKILLS", "ACCEPT", "DEPLOYMENT_RUNNING", "COMPLETE");
      assertThat(akash.transactions()).containsExactly("MsgCreateDeployment 0", "MsgCreateLease 0");
      assertThat(akash.openDeployments()).isEqualTo(1);
    }
  }

  /// One process: what it says before it is killed.
  private String live(String broker, String node) throws IOException, InterruptedException {
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
                broker,
                "killed",
                node,
                folder.resolve("home").toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        if (line.startsWith(MortalWorker.STEP)) {
          return line.substring(MortalWorker.STEP.length());
        }
      }
      throw new AssertionError("it ended by itself with exit code " + process.waitFor());
    } finally {
      process.destroyForcibly();
      process.waitFor();
    }
  }
}
