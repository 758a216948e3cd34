package org.agentchat.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.agentchat.ledger.Publication;
import org.agentchat.log.KafkaLogReader;
import org.agentchat.log.LogFile;
import org.agentchat.log.LogSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Takes the log out of where it is kept.
@Command(
    name = "log",
    description = "Export the log, for backup and audit.",
    mixinStandardHelpOptions = true)
final class LogCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing command: agentchat log export FILE");
  }

  /// Writes the log to a file.
  @Command(
      name = "export",
      description = {
        "Write the log, byte for byte, to a file that 'agentchat audit FILE' reads (gzip when the"
            + " name ends in .gz).",
        "From a ledger, what it publishes is written beside it, to FILE.published.json."
      },
      mixinStandardHelpOptions = true)
  int export(
      @Parameters(paramLabel = "<file>", description = "Where to write.") Path file,
      @Mixin KafkaOption kafka,
      @Mixin LedgerOption ledger,
      @Mixin Output output)
      throws IOException, InterruptedException {
    Path beside = Publications.besideOf(file);
    // What was published of another log must not speak for this one.
    Files.deleteIfExists(beside);
    String brokers = kafka.brokers();
    if (brokers != null) {
      try (KafkaLogReader log = kafka.open(brokers, output)) {
        return export(file, log, log.size(), output);
      }
    }
    LedgerApi api = ledger.api(output);
    Optional<Publication> published = published(api, output);
    if (published.isEmpty()) {
      return export(file, new LedgerLog(api), api.stats().path("size").asLong(0), output);
    }
    int exit = export(file, new LedgerLog(api), published.get().wholeSize(), output);
    Publications.write(beside, published.get());
    return exit;
  }

  /// The log is worth having alone when what the ledger made of it cannot be had.
  private static Optional<Publication> published(LedgerApi api, Output output)
      throws InterruptedException {
    try {
      return Optional.of(Publications.of(api));
    } catch (CommandFailure e) {
      if (!e.code().equals("TOO_MANY") && !e.code().equals("LEDGER_BEHIND")) {
        throw e;
      }
      output.err().println("The log is exported without what was published of it: " + e.sentence());
      return Optional.empty();
    }
  }

  private static int export(Path file, LogSource log, long size, Output output) {
    LogFile.write(file, log, 0, size);
    output.print(
        Map.of("file", file.toString(), "entries", size),
        List.of("Exported " + size + " entries to " + file));
    return Exit.OK;
  }
}
