package org.agentchat.akash.deployment;

import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.agentchat.akash.chain.ChainClient;
import org.agentchat.akash.chain.Network;

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

  /// Arguments: the node, the home folder, what to burn, `run` or the number to close.
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
      if (!arguments[3].equals("run")) {
        runner.close(store, Long.parseLong(arguments[3]));
      } else if (store.records().isEmpty()) {
        runner.begin(store, Stage.plan(BidRules.ANY, Long.parseLong(arguments[2]), FOR_EVER));
      } else {
        runner.resume(store);
      }
      System.out.println(END + store.records().getLast().phase());
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
