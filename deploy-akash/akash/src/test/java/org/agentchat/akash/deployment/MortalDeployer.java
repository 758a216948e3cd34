package org.agentchat.akash.deployment;

import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.agentchat.akash.chain.ChainClient;
import org.agentchat.akash.chain.Network;
import org.agentchat.akash.tx.DeploymentId;

/// A process that takes one step of a deployment and then waits to be killed. Where there is
/// nothing to do any more it ends by itself and says the phase.
public final class MortalDeployer {
  /// What it prints when it has written a step and done nothing about it.
  static final String STEP = "step ";

  /// What it prints when there is nothing to do.
  static final String END = "end ";

  /// A process needs longer to start than these blocks take.
  private static final Patience FOR_EVER =
      new Patience(3, 100_000, 100_000, 100_000, 100_000, 100_000, 100_000, 3);

  private MortalDeployer() {}

  /// Arguments: the node, the home folder, what to burn, and what to do: `run`, `close`, `update`,
  /// or how much to add to the deposit.
  public static void main(String[] arguments) {
    ChainClient chain =
        new ChainClient(
            Network.TESTNET.at(URI.create(arguments[0])),
            HttpClient.newHttpClient(),
            Duration.ofSeconds(10));
    try (Providers providers =
            new Providers(chain, Stage.KEY, Clock.systemUTC(), Duration.ofSeconds(10));
        DeploymentStore store =
            DeploymentStore.changing(Path.of(arguments[1]), Clock.systemUTC())) {
      DeploymentRunner runner =
          new DeploymentRunner(
              chain,
              Stage.KEY,
              providers,
              Clock.systemUTC(),
              Duration.ofMillis(15),
              new Suicidal());
      live(runner, store, Long.parseLong(arguments[2]), arguments[3]);
      System.out.println(END + store.records().getLast().phase());
    }
  }

  private static void live(DeploymentRunner runner, DeploymentStore store, long burn, String what) {
    List<DeploymentRecord> records = store.records();
    if (records.isEmpty()) {
      runner.begin(store, Stage.plan(BidRules.ANY, burn, FOR_EVER));
      return;
    }
    DeploymentRecord record = records.getLast();
    long dseq = record.id().map(DeploymentId::dseq).orElse(0L);
    boolean untouched = record.amendment().isEmpty() && record.lastChange().isEmpty();
    switch (what) {
      case "close" -> runner.close(store, dseq);
      case "update" -> {
        if (record.amendment().isEmpty() && !record.sdl().equals(Stage.newSdl("1.5.0"))) {
          runner.update(store, dseq, Stage.newSdl("1.5.0"));
        } else {
          runner.resume(store);
        }
      }
      case "run" -> runner.resume(store);
      default -> {
        if (untouched) {
          runner.topUp(store, dseq, Long.parseLong(what), burn);
        } else {
          runner.resume(store);
        }
      }
    }
  }

  private static final class Suicidal implements Watcher {
    @Override
    public void wrote(DeploymentRecord record, Step step) {
      System.out.println(STEP + step.getClass().getSimpleName());
      System.out.flush();
      try {
        Thread.sleep(Duration.ofMinutes(5));
      } catch (InterruptedException e) {
        throw new IllegalStateException("it should have been killed", e);
      }
    }

    @Override
    public void waits(DeploymentRecord record, String what) {}
  }
}
