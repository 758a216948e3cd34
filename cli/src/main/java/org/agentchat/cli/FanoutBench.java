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

/// Measures chat.
@Command(
    name = "fanout",
    description = {
      "Let a few agents talk to many in one channel.",
      "Exit code 1 when a message was lost."
    },
    mixinStandardHelpOptions = true)
final class FanoutBench implements Callable<Integer> {
  private static final int MAX_RECEIVERS = 5_000;
  private static final int MAX_SENDERS = 100;
  private static final int MAX_BYTES = 65_536;

  @Mixin private BenchTarget target;

  @Mixin private Output output;

  @Option(
      names = "--receivers",
      paramLabel = "<n>",
      description = "Agents who listen (default: ${DEFAULT-VALUE}).")
  private int receivers = 100;

  @Option(
      names = "--senders",
      paramLabel = "<n>",
      description = "Agents who talk (default: ${DEFAULT-VALUE}).")
  private int senders = 4;

  @Option(
      names = "--bytes",
      paramLabel = "<n>",
      description = "Length of a message (default: ${DEFAULT-VALUE}).")
  private int bytes = 500;

  /// What `--json` prints.
  record Report(
      String bench,
      URI url,
      int receivers,
      int senders,
      int bytes,
      long messages,
      long deliveries,
      double seconds,
      double messagesPerSecond,
      double deliveriesPerSecond,
      Latencies.Quantiles deliveryMs,
      CpuMeter.Cost cpuMicros,
      long lost,
      long evicted,
      Map<String, Long> refused,
      BenchServer.@Nullable Footprint server) {}

  @Override
  public Integer call() throws Exception {
    check();
    FanoutLoad load = new FanoutLoad(receivers, senders, bytes, target.warmUp(), target.duration());
    try (BenchServer server = target.open()) {
      target.say("talking at " + server.uri());
      FanoutLoad.Result result = load.run(server);
      Report report = report(server, result);
      output.print(report, lines(report));
      return result.lost() == 0 && result.deliveries() > 0 ? Exit.OK : Exit.FAILED;
    }
  }

  private void check() {
    target.check();
    target.requirePlain();
    target.require(
        receivers >= 1 && receivers <= MAX_RECEIVERS, "--receivers: 1 to 5000 wanted", receivers);
    target.require(senders >= 1 && senders <= MAX_SENDERS, "--senders: 1 to 100 wanted", senders);
    target.require(
        bytes >= FanoutStamp.MIN_BYTES && bytes <= MAX_BYTES, "--bytes: 40 to 65536 wanted", bytes);
  }

  private Report report(BenchServer server, FanoutLoad.Result result) {
    return new Report(
        "fanout",
        server.uri(),
        receivers,
        senders,
        bytes,
        result.messages(),
        result.deliveries(),
        result.seconds(),
        result.messages() / result.seconds(),
        result.deliveries() / result.seconds(),
        result.delivery(),
        result.cpuMicros(),
        result.lost(),
        result.evicted(),
        result.refused(),
        server.footprint());
  }

  private static List<String> lines(Report report) {
    List<String> lines = new ArrayList<>();
    lines.add(BenchTable.row("server", report.url()));
    lines.add(
        BenchTable.row(
            "load",
            "%d senders, %d receivers, %d bytes a message"
                .formatted(report.senders(), report.receivers(), report.bytes())));
    lines.add(
        BenchTable.row("messages", rate(report.messages(), report.messagesPerSecond(), report)));
    lines.add(
        BenchTable.row(
            "deliveries", rate(report.deliveries(), report.deliveriesPerSecond(), report)));
    lines.add(BenchTable.row("delivery", report.deliveryMs().text()));
    lines.add(BenchTable.cost(report.cpuMicros(), "delivery"));
    lines.add(BenchTable.row("lost", report.lost()));
    lines.add(BenchTable.row("evicted", report.evicted()));
    lines.addAll(BenchTable.refused(report.refused()));
    lines.addAll(BenchTable.server(report.server()));
    return lines;
  }

  private static String rate(long count, double perSecond, Report report) {
    return String.format(Locale.ROOT, "%,d in %.1f s: %,.0f/s", count, report.seconds(), perSecond);
  }
}
