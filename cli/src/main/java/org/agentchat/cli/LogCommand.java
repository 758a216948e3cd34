package org.agentchat.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.agentchat.ledger.Publication;
import org.agentchat.log.KafkaEventLog;
import org.agentchat.log.KafkaSettings;
import org.agentchat.log.LogFile;
import org.agentchat.log.LogSource;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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
        "From a ledger, what it publishes is written to published.json beside it."
      },
      mixinStandardHelpOptions = true)
  int export(
      @Parameters(paramLabel = "<file>", description = "Where to write.") Path file,
      @Option(
              names = "--kafka",
              paramLabel = "HOST:PORT,...",
              description = "Read the log from Kafka instead of a ledger.")
          @Nullable String kafka,
      @Option(
              names = "--topic",
              defaultValue = KafkaSettings.DEFAULT_TOPIC,
              description = "Kafka topic (default: ${DEFAULT-VALUE}).")
          String topic,
      @Mixin LedgerOption ledger,
      @Mixin Output output)
      throws IOException, InterruptedException {
    if (kafka != null) {
      try (KafkaEventLog log = KafkaEventLog.open(KafkaSettings.external(kafka).withTopic(topic))) {
        return export(file, log, log.size(), output);
      }
    }
    LedgerApi api = ledger.api(output);
    Publication published = Publications.of(api);
    int exit = export(file, new LedgerLog(api), published.size(), output);
    Publications.write(file.toAbsolutePath().resolveSibling(Publications.FILE), published);
    return exit;
  }

  private static int export(Path file, LogSource log, long size, Output output) {
    LogFile.write(file, log, 0, size);
    output.print(
        Map.of("file", file.toString(), "entries", size),
        List.of("Exported " + size + " entries to " + file));
    return Exit.OK;
  }
}
