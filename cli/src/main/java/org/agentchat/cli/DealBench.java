package org.agentchat.cli;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Measures durable statements.
@Command(
    name = "deals",
    description = {
      "Let pairs of agents propose, accept and complete, with real signatures.",
      "An answer means that the statement is durable and applied."
    },
    mixinStandardHelpOptions = true)
final class DealBench implements Callable<Integer> {
  private static final int MAX_PAIRS = 2_000;
  private static final double MAX_RATE = 1_000_000;

  @Mixin private BenchTarget target;

  @Mixin private Output output;

  @Option(
      names = "--pairs",
      paramLabel = "<n>",
      description = "Pairs of agents at work at the same time (default: ${DEFAULT-VALUE}).")
  private int pairs = 64;

  @Option(
      names = "--rate",
      paramLabel = "<n>",
      description = {
        "Statements a second, on a schedule: latency counts from when a statement was due.",
        "Without it each pair goes on as soon as it is answered."
      })
  private @Nullable Double rate;

  /// What `--json` prints.
  record Report(
      String bench,
      URI url,
      int pairs,
      @Nullable Double rate,
      long statements,
      double seconds,
      double statementsPerSecond,
      Latencies.Quantiles answerMs,
      CpuMeter.Cost cpuMicros,
      Map<String, Long> refused,
      BenchServer.@Nullable Footprint server) {}

  @Override
  public Integer call() throws Exception {
    target.check();
    target.require(pairs >= 1 && pairs <= MAX_PAIRS, "--pairs: 1 to 2000 wanted", pairs);
    if (rate != null) {
      target.require(rate > 0 && rate <= MAX_RATE, "--rate: above 0 wanted", rate);
    }
    DealLoad load =
        new DealLoad(pairs, rate == null ? 0 : rate, target.warmUp(), target.duration());
    try (BenchServer server = target.open()) {
      target.say("making deals at " + server.uri());
      DealLoad.Result result = load.run(server);
      Report report =
          new Report(
              "deals",
              server.uri(),
              pairs,
              rate,
              result.statements(),
              result.seconds(),
              result.perSecond(),
              result.answer(),
              result.cpuMicros(),
              result.refused(),
              server.footprint());
      output.print(report, lines(report, result));
      return result.statements() > 0 ? Exit.OK : Exit.FAILED;
    }
  }

  private List<String> lines(Report report, DealLoad.Result result) {
    List<String> lines = new ArrayList<>();
    lines.add(BenchTable.row("server", report.url()));
    lines.add(
        BenchTable.row(
            "load",
            pairs + " pairs, " + (rate == null ? "saturated" : rate + " statements/s scheduled")));
    lines.add(
        BenchTable.row(
            "statements",
            String.format(
                Locale.ROOT,
                "%,d in %.1f s: %,.0f/s",
                result.statements(),
                result.seconds(),
                result.perSecond())));
    lines.add(BenchTable.row("answer", result.answer().text()));
    lines.add(BenchTable.cost(result.cpuMicros(), "statement"));
    lines.addAll(BenchTable.refused(result.refused()));
    lines.addAll(BenchTable.server(report.server()));
    return lines;
  }
}
