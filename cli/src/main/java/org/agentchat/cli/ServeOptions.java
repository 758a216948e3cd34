package org.agentchat.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.agentchat.log.Durability;
import org.agentchat.log.KafkaSettings;
import org.agentchat.relay.RelayLimits;
import org.agentchat.relay.RelaySettings;
import org.agentchat.relay.TlsFiles;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// What `serve` and its parts can be told.
final class ServeOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = {"-p", "--port"},
      paramLabel = "PORT",
      description = "Port of the relay (default: ${DEFAULT-VALUE}; 0: any free one).")
  private int port = RelaySettings.DEFAULT_PORT;

  @Option(
      names = "--api-port",
      paramLabel = "PORT",
      description = "Port of the ledger API (default: ${DEFAULT-VALUE}; 0: any free one).")
  private int apiPort = 6680;

  @Option(
      names = {"-H", "--host"},
      paramLabel = "ADDRESS",
      description = "Address to listen on (default: ${DEFAULT-VALUE}).")
  private String host = "0.0.0.0";

  @Option(
      names = {"-n", "--name"},
      description = "Server name shown to agents (default: ${DEFAULT-VALUE}).")
  private String name = "agentchat";

  @Option(
      names = "--kafka",
      paramLabel = "HOST:PORT,...",
      description = "Use these Kafka brokers instead of starting one in this process.")
  private @Nullable String kafka;

  @Option(
      names = "--topic",
      description = "Kafka topic that holds the log (default: ${DEFAULT-VALUE}).")
  private String topic = KafkaSettings.DEFAULT_TOPIC;

  @Option(
      names = "--db",
      paramLabel = "JDBC-URL",
      description = "Use this database, jdbc:postgresql://..., instead of a file.")
  private @Nullable String database;

  @Option(
      names = "--origin",
      description = "Name of a log that is started (default: agentchat.local/ and a random part).")
  private @Nullable String origin;

  @Option(
      names = "--relay-name",
      description = "Name of this relay in the log (default: relay- and a random part).")
  private @Nullable String relay;

  @Option(names = "--cert", paramLabel = "FILE", description = "TLS certificate chain (PEM).")
  private @Nullable Path certificate;

  @Option(names = "--key", paramLabel = "FILE", description = "TLS private key (PKCS#8 PEM).")
  private @Nullable Path key;

  @Option(
      names = "--buffer-size",
      paramLabel = "MESSAGES",
      description = "Messages replayed to those who join a channel (default: ${DEFAULT-VALUE}).")
  private int bufferSize = 20;

  @Option(
      names = "--no-fsync",
      description =
          "Let the embedded broker answer before a statement is on the disk: faster, safe against"
              + " a killed process, not against a power cut.")
  private boolean pageCache;

  @Option(
      names = "--unmetered",
      description = "No rate limits: for benchmarks and trusted networks only.")
  private boolean unmetered;

  @Option(
      names = "--rebuild",
      description = "Drop the ledger's rows and make them again from the log.")
  private boolean rebuild;

  @Option(names = "--log-messages", hidden = true, description = "Accepted, without effect.")
  void logMessages(boolean ignored) {}

  /// The settings for these parts.
  NodeSettings settings(Path home, List<NodeSettings.Part> parts) {
    if ((certificate == null) != (key == null)) {
      throw usage("Both --cert and --key must be provided for TLS");
    }
    if (parts.size() == 1 && kafka == null) {
      throw usage("a part that runs alone needs the log that it shares: add --kafka HOST:PORT");
    }
    if (database != null && !database.startsWith("jdbc:postgresql:")) {
      throw usage("--db: jdbc:postgresql://HOST/DATABASE?user=... wanted, found " + database);
    }
    RelayLimits limits = limits();
    return new NodeSettings(
        home,
        parts,
        host,
        port,
        apiPort,
        Optional.ofNullable(kafka),
        topic,
        Optional.ofNullable(database),
        name,
        Optional.ofNullable(relay),
        Optional.ofNullable(origin),
        certificate != null && key != null
            ? Optional.of(new TlsFiles(certificate, key))
            : Optional.empty(),
        unmetered ? limits.unmetered() : limits,
        pageCache ? Durability.PAGE_CACHE : Durability.FSYNC,
        rebuild);
  }

  private RelayLimits limits() {
    try {
      return RelayLimits.defaults().withReplay(bufferSize);
    } catch (IllegalArgumentException e) {
      throw usage("--buffer-size: " + e.getMessage());
    }
  }

  private ParameterException usage(String sentence) {
    return new ParameterException(spec.commandLine(), sentence);
  }
}
