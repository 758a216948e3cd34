package org.agentchat.cli;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Measures what connections cost.
@Command(
    name = "crowd",
    description = {
      "Let many agents connect, stay, and ask for a sign of life once each.",
      "Exit code 1 when one was not let in, not answered or thrown out."
    },
    mixinStandardHelpOptions = true)
final class CrowdBench implements Callable<Integer> {
  /// What the usual 20,000 file descriptors of a process and 28,000 ports of an address allow.
  private static final int MAX_AGENTS = 15_000;

  @Mixin private BenchTarget target;

  @Mixin private Output output;

  @Option(
      names = "--agents",
      paramLabel = "<n>",
      description = {
        "Agents who connect (default: ${DEFAULT-VALUE}).",
        "More than a server's own limit, 10000 for ours, it refuses."
      })
  private int agents = 10_000;

  /// What `--json` prints.
  ///
  /// @param idleCpuPercent of one core, for the server while all stay
  /// @param residentKbPerAgent null where the system does not tell, or the server is not ours
  record Report(
      String bench,
      URI url,
      int agents,
      long welcomed,
      double connectSeconds,
      double connectsPerSecond,
      @Nullable Double idleCpuPercent,
      long answered,
      Latencies.Quantiles answerMs,
      long ended,
      @Nullable Long residentMbBefore,
      @Nullable Double residentKbPerAgent,
      BenchServer.@Nullable Footprint server) {}

  @Override
  public Integer call() throws Exception {
    target.check();
    target.requirePlain();
    target.require(agents >= 1 && agents <= MAX_AGENTS, "--agents: 1 to 15000 wanted", agents);
    try (BenchServer server = target.open()) {
      target.say("connecting to " + server.uri());
      BenchServer.@Nullable Footprint before = server.footprint();
      CrowdLoad.Result result = new CrowdLoad(agents, target.duration()).run(server);
      Report report = report(server.uri(), result, before);
      output.print(report, lines(report));
      boolean all = result.welcomed() == agents && result.answered() == agents;
      return all && result.ended() == 0 ? Exit.OK : Exit.FAILED;
    }
  }

  private Report report(URI url, CrowdLoad.Result result, BenchServer.@Nullable Footprint before) {
    @Nullable Long residentBefore = before == null ? null : before.residentMb();
    return new Report(
        "crowd",
        url,
        agents,
        result.welcomed(),
        result.connectSeconds(),
        result.welcomed() / result.connectSeconds(),
        result.idleCpuPercent(),
        result.answered(),
        result.answer(),
        result.ended(),
        residentBefore,
        perAgent(residentBefore, result.footprint()),
        result.footprint());
  }

  private @Nullable Double perAgent(
      @Nullable Long before, BenchServer.@Nullable Footprint footprint) {
    return before == null || footprint == null || footprint.residentMb() == null
        ? null
        : (footprint.residentMb() - before) * 1024.0 / agents;
  }

  private static List<String> lines(Report report) {
    List<String> lines = new ArrayList<>();
    lines.add(BenchTable.row("server", report.url()));
    lines.add(
        BenchTable.row(
            "connected",
            "%,d of %,d, %s"
                .formatted(
                    report.welcomed(),
                    report.agents(),
                    String.format(
                        Locale.ROOT,
                        "%.1f s: %,.0f/s",
                        report.connectSeconds(),
                        report.connectsPerSecond()))));
    lines.add(BenchTable.row("answered", "%,d".formatted(report.answered())));
    lines.add(BenchTable.row("answer", report.answerMs().text()));
    lines.add(BenchTable.row("ended", report.ended()));
    if (report.idleCpuPercent() != null) {
      lines.add(
          BenchTable.row(
              "idle",
              String.format(
                  Locale.ROOT, "%.1f %% of a core while they stay", report.idleCpuPercent())));
    }
    lines.addAll(BenchTable.server(report.server()));
    if (report.residentKbPerAgent() != null) {
      lines.add(
          BenchTable.row(
              "an agent",
              String.format(
                  Locale.ROOT,
                  "%.1f kB, %d MB without any",
                  report.residentKbPerAgent(),
                  report.residentMbBefore())));
    }
    return lines;
  }
}
