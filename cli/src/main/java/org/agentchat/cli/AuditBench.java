package org.agentchat.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import org.agentchat.ledger.Auditor;
import org.agentchat.ledger.tree.TileLog;
import org.agentchat.log.LogRecord;
import org.agentchat.log.LogSource;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.event.EventCodec;
import org.agentchat.schemas.event.MalformedEventException;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.identity.Ed25519Verifier;
import org.agentchat.schemas.identity.Signature;
import org.agentchat.schemas.statement.SignedStatement;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Measures how fast a log is audited, against the bare verification of its signatures.
@Command(
    name = "audit",
    description = {
      "Make a log of signed deals, and audit it: with every signature, and without.",
      "Exit code 1 when the audit finds a fault in it."
    },
    mixinStandardHelpOptions = true)
final class AuditBench implements Callable<Integer> {
  private static final int MAX_ENTRIES = 10_000_000;

  /// Signatures in the bare measurement: some seconds of every core.
  private static final int BARE = 60_000;

  @Mixin private Output output;

  @Option(
      names = "--entries",
      paramLabel = "<n>",
      description = "Entries of the log (default: ${DEFAULT-VALUE}).")
  private int entries = 1_000_000;

  @Option(
      names = "--agents",
      paramLabel = "<n>",
      description = "Agents who make the deals (default: ${DEFAULT-VALUE}).")
  private int agents = 1_000;

  @Option(
      names = "--tree",
      paramLabel = "<dir>",
      description = "Keep the log there, as tiles, and use it when it is there already.")
  private @Nullable Path folder;

  /// What `--json` prints.
  ///
  /// @param barePerSecond signatures verified in a second by the library alone, on all cores
  /// @param verifiedPerSecond entries audited in a second with their signatures
  /// @param ratio of the two
  /// @param trustedPerSecond entries audited in a second without signatures, the better of two runs
  /// @param peakHeapMb largest heap in use that was seen, garbage included
  record Report(
      String bench,
      long entries,
      int cores,
      double barePerSecond,
      double verifiedPerSecond,
      double ratio,
      double trustedPerSecond,
      long peakHeapMb,
      long faults) {}

  @Override
  public Integer call() throws IOException {
    if (entries < 4 || entries > MAX_ENTRIES || agents < 2 || agents > entries) {
      throw output.usage(
          "--entries: 4 to 10000000 and --agents: 2 to as many as entries wanted, found %d and %d"
              .formatted(entries, agents));
    }
    try (ScratchFolder scratch = ScratchFolder.create("agentchat-bench")) {
      Path tree = folder == null ? scratch.path() : folder;
      TileLog log = made(tree);
      double bare = bare(log);
      say("bare: %,.0f signatures/s".formatted(bare));
      Run verified = run(log, 0);
      say("with signatures: %,.0f entries/s".formatted(verified.perSecond()));
      // Last, and the better of two: a JVM spends its first second of it on compiling.
      Run trusted = run(log, log.size());
      say("without signatures: %,.0f entries/s".formatted(trusted.perSecond()));
      Run again = run(log, log.size());
      say("once more: %,.0f entries/s".formatted(again.perSecond()));
      trusted = again.perSecond() > trusted.perSecond() ? again : trusted;
      Report report =
          new Report(
              "audit",
              log.size(),
              Runtime.getRuntime().availableProcessors(),
              bare,
              verified.perSecond(),
              verified.perSecond() / bare,
              trusted.perSecond(),
              Math.max(trusted.heapMb(), verified.heapMb()),
              trusted.faults() + verified.faults());
      output.print(report, lines(report));
      return report.faults() == 0 ? Exit.OK : Exit.FAILED;
    }
  }

  private TileLog made(Path tree) throws IOException {
    if (!Files.exists(tree.resolve("checkpoint"))) {
      say("making a log of %,d entries".formatted(entries));
      new SyntheticLog(agents).write(tree, entries);
    }
    return TileFolders.open(tree);
  }

  /// Signatures of the log's own statements, verified by the library on all cores.
  private static double bare(LogSource log) {
    @SuppressWarnings("ArrayRecordComponent") // Nobody compares them.
    record Signed(AgentKey key, byte[] message, Signature signature) {}
    List<Signed> signed = new ArrayList<>();
    for (long next = 1; signed.size() < BARE && next < log.size(); ) {
      List<LogRecord> page = log.read(next, LogSource.MAX_READ_RECORDS);
      for (LogRecord record : page) {
        statement(record)
            .ifPresent(statement ->
                signed.add(
                    new Signed(
                        statement.key(),
                        statement
                            .scheme()
                            .acceptedBytes(statement.key(), statement.statement())
                            .getFirst(),
                        statement.signature())));
      }
      next += page.size();
    }
    Ed25519Verifier verifier = new Ed25519Verifier();
    double best = 0;
    for (int round = 0; round < 3; round++) {
      long start = System.nanoTime();
      long valid =
          LongStream.range(0, signed.size())
              .parallel()
              .filter(i -> {
                Signed one = signed.get((int) i);
                return verifier.verify(one.key(), one.message(), one.signature());
              })
              .count();
      best = Math.max(best, valid / seconds(start));
    }
    return best;
  }

  private static Optional<SignedStatement> statement(LogRecord record) {
    try {
      return EventCodec.decode(record.value()) instanceof Event.Stated stated
          ? Optional.of(stated.signed())
          : Optional.empty();
    } catch (MalformedEventException e) {
      throw new IllegalStateException("the bench wrote an event that cannot be read", e);
    }
  }

  private record Run(double perSecond, long heapMb, long faults) {}

  @SuppressWarnings("SystemGc") // an audit of its own begins without what another one left
  private static Run run(LogSource log, long trusted) {
    System.gc();
    long start = System.nanoTime();
    HeapPeak peak = new HeapPeak();
    Auditor auditor =
        new Audit(Optional.empty(), null).trusting(trusted).run(log, _ -> peak.look());
    return new Run(log.size() / seconds(start), peak.megabytes(), auditor.faults());
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }

  private void say(String line) {
    if (!output.isJson()) {
      output.err().println(line);
      output.err().flush();
    }
  }

  private static List<String> lines(Report report) {
    return List.of(
        BenchTable.row("entries", "%,d".formatted(report.entries())),
        BenchTable.row(
            "bare",
            String.format(
                Locale.ROOT,
                "%,.0f signatures/s on %d cores",
                report.barePerSecond(),
                report.cores())),
        BenchTable.row(
            "audit",
            String.format(
                Locale.ROOT,
                "%,.0f entries/s, %.2f of that",
                report.verifiedPerSecond(),
                report.ratio())),
        BenchTable.row(
            "trusted", String.format(Locale.ROOT, "%,.0f entries/s", report.trustedPerSecond())),
        BenchTable.row("heap", report.peakHeapMb() + " MB at its peak"),
        BenchTable.row("faults", report.faults()));
  }
}
