package org.agentchat.akash.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agentchat.akash.simulator.SimulatedProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A deployment, topped up, updated and closed, whose process is killed (`kill -9`) after every
/// single step, the signed transaction that was not sent included, and started again each time.
final class KillIT {
  private static final int MAX_LIVES = 60;
  private static final long BURN = 21_000_000;
  private static final long MORE = 9_000_000;

  @TempDir private Path home;

  @Test
  void processThatIsKilledAfterEveryStepPaysOnceAndForgetsNothing() throws Exception {
    try (Stage stage = new Stage(home)) {
      stage.akash.fund(Stage.OWNER, 50_000_000, 0);
      SimulatedProvider provider = stage.akash.provider("12", 1);
      List<String> steps = liveAndDie(stage, "run");
      assertThat(steps)
          .containsSubsequence(
              "Entered",
              "Signed",
              "Delivered",
              "Entered",
              "Numbered",
              "Signed",
              "Delivered",
              "Entered",
              "Chosen",
              "Entered",
              "Signed",
              "Delivered",
              "Leased",
              "Entered",
              "ManifestTaken",
              "Ready");
      DeploymentRecord record = stage.record();
      assertThat(record.phase()).isEqualTo(Phase.RUNNING);
      assertThat(stage.akash.transactions())
          .containsExactly("MsgMintACT 0", "MsgCreateDeployment 0", "MsgCreateLease 0");
      assertThat(record.money().burned()).isEqualTo(BURN);
      assertThat(record.money().fees() + BURN).isEqualTo(stage.spentAkt());

      long dseq = record.id().orElseThrow().dseq();
      topUp(stage);
      update(stage, provider, dseq);

      liveAndDie(stage, "close");
      DeploymentRecord closed = stage.record();
      assertThat(closed.phase()).isEqualTo(Phase.CLOSED);
      assertThat(stage.akash.openDeployments()).isZero();
      assertThat(stage.akash.transactions()).hasSize(7).endsWith("MsgCloseDeployment 0");
      assertThat(closed.money().fees() + 2 * BURN).isEqualTo(stage.spentAkt());
      assertThat(closed.money().deposited()).isZero();
    }
  }

  /// ACT is missing, so each of its two transactions is written, sent and seen in lives of their
  /// own.
  private void topUp(Stage stage) throws Exception {
    List<String> steps = liveAndDie(stage, Long.toString(MORE));
    assertThat(steps).containsExactly("TopUpWanted", "Signed", "Delivered", "Signed", "Delivered");
    assertThat(stage.akash.transactions())
        .hasSize(5)
        .endsWith("MsgMintACT 0", "MsgAccountDeposit 0");
    DeploymentRecord record = stage.record();
    assertThat(record.toppedUp()).isEqualTo(MORE);
    assertThat(record.money().deposited()).isEqualTo(Stage.DEPOSIT + MORE);
    assertThat(record.money().fees() + 2 * BURN).isEqualTo(stage.spentAkt());
  }

  private void update(Stage stage, SimulatedProvider provider, long dseq) throws Exception {
    List<String> steps = liveAndDie(stage, "update");
    assertThat(steps)
        .containsExactly(
            "UpdateWanted", "Signed", "Delivered", "ManifestTaken", "HandedOver", "Ready");
    assertThat(stage.akash.transactions()).hasSize(6).endsWith("MsgUpdateDeployment 0");
    assertThat(provider.image(dseq)).endsWith("server:1.5.0");
    assertThat(stage.record().lastChange().orElseThrow().done()).isTrue();
  }

  private List<String> liveAndDie(Stage stage, String what) throws Exception {
    List<String> steps = new ArrayList<>();
    for (int life = 0; life < MAX_LIVES; life++) {
      String said = live(stage, what);
      if (said.startsWith(MortalDeployer.END)) {
        return steps;
      }
      assertThat(said).startsWith(MortalDeployer.STEP);
      steps.add(said.substring(MortalDeployer.STEP.length()));
    }
    throw new AssertionError("no end after " + steps);
  }

  /// One process: what it says before it is killed or ends.
  private String live(Stage stage, String what) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                MortalDeployer.class.getName(),
                stage.akash.uri().toString(),
                home.toString(),
                Long.toString(BURN),
                what)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      String line = out.readLine();
      return line == null ? "nothing, exit code " + process.waitFor() : line;
    } finally {
      process.destroyForcibly();
      process.waitFor();
    }
  }
}
