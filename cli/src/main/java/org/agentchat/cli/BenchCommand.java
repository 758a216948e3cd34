package org.agentchat.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Measures a server under load.
@Command(
    name = "bench",
    description = {
      "Measure how fast a server is: one of its own in a scratch folder, or the one at --url.",
      "The load comes from this machine, so server and generator share its cores."
    },
    mixinStandardHelpOptions = true,
    subcommands = {DealBench.class, FanoutBench.class, CrowdBench.class, AuditBench.class})
final class BenchCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "Missing what to measure: deals, fanout, crowd or audit");
  }
}
