package org.agentchat.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.agentchat.akash.deployment.Watcher;
import org.agentchat.deploy.Worker;
import org.agentchat.log.EventLog;
import org.agentchat.log.KafkaEventLog;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// Runs a relay and its ledger until it is told to stop.
@Command(
    name = "serve",
    description = {
      "Start an agentchat relay server, with its log and its ledger.",
      "Everything that is kept is in the home folder; a restart continues it."
    },
    mixinStandardHelpOptions = true)
final class Serve implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private ServeOptions options;

  @Mixin private HomeFolder home;

  @Override
  public Integer call() throws Exception {
    return run(List.of(NodeSettings.Part.RELAY, NodeSettings.Part.LEDGER), options, home);
  }

  /// Only the relay.
  @Command(
      name = "relay",
      description = "Start a relay alone, on a log that others share.",
      mixinStandardHelpOptions = true)
  int relay(@Mixin ServeOptions partOptions, @Mixin HomeFolder folder) throws Exception {
    return run(List.of(NodeSettings.Part.RELAY), partOptions, folder);
  }

  /// Only the ledger.
  @Command(
      name = "ledger",
      description = "Start a ledger alone, over a log that others share.",
      mixinStandardHelpOptions = true)
  int ledger(@Mixin ServeOptions partOptions, @Mixin HomeFolder folder) throws Exception {
    return run(List.of(NodeSettings.Part.LEDGER), partOptions, folder);
  }

  /// Only the hooks.
  @Command(
      name = "hooks",
      description = {
        "Run hooks alone: webhooks, commands and escrow, on what the log says.",
        "Without --kafka the log is that of the server that runs in the same home folder."
      },
      mixinStandardHelpOptions = true)
  int hooks(@Mixin HooksServeOptions hooksOptions, @Mixin HomeFolder folder) throws Exception {
    return run(hooksOptions.settings(folder.path()));
  }

  /// Only the deploy worker.
  @Command(
      name = "deploy",
      description = {
        "Run a deploy worker alone: it fulfils deals of the capability deploy.akash.",
        "It pays with the wallet in the home folder, and for whom is said with --for.",
        "Without --kafka the log is that of the server that runs in the same home folder."
      },
      mixinStandardHelpOptions = true)
  int deploy(@Mixin DeployServeOptions deployOptions, @Mixin HomeFolder folder) throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    try (StopSignal signal = StopSignal.install();
        EventLog log = KafkaEventLog.open(deployOptions.log(folder.path()));
        Worker worker = Worker.start(deployOptions.worker(folder), log, Watcher.SILENT)) {
      CompletableFuture<Void> _ =
          worker
              .stopped()
              .whenComplete((_, failure) -> {
                if (failure != null) {
                  signal.fail(String.valueOf(failure.getMessage()));
                }
              });
      String health =
          worker
              .healthAddress()
              .map(address -> ", health at http://localhost:" + address.getPort() + "/health")
              .orElse("");
      out.println("deploy worker ready: " + deployOptions.summary() + health);
      return untilStopped(signal, out);
    }
  }

  private int run(List<NodeSettings.Part> parts, ServeOptions chosen, HomeFolder folder)
      throws Exception {
    return run(chosen.settings(folder.path(), parts));
  }

  private int run(NodeSettings settings) throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    try (StopSignal signal = StopSignal.install();
        Node node = Node.start(settings, out)) {
      CompletableFuture<Void> _ = node.failed().thenAccept(signal::fail);
      return untilStopped(signal, out);
    }
  }

  private int untilStopped(StopSignal signal, PrintWriter out) throws InterruptedException {
    out.println("Press Ctrl+C to stop");
    out.flush();
    String reason = signal.await();
    if (!reason.isEmpty()) {
      spec.commandLine().getErr().println("Error: " + reason);
      spec.commandLine().getErr().flush();
      return 1;
    }
    out.println("stopping");
    out.flush();
    return 0;
  }
}
