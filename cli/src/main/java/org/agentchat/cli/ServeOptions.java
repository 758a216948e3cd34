package org.agentchat.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.agentchat.log.Durability;
import org.agentchat.log.KafkaSettings;
import org.agentchat.tlog.Policy;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// What `serve` and its parts can be told on the command line. It counts before the environment and
/// the configuration file, which can say more: see [Setting].
final class ServeOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Settings, name = value a line (default: relay.conf in --home, if there).")
  private @Nullable Path config;

  @Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      description = "Any setting of docs/configuration.md, for example --set captcha-enabled=true.")
  private List<String> set = List.of();

  @Option(
      names = {"-p", "--port"},
      paramLabel = "PORT",
      description = "Port of the relay (default: 6667; 0: any free one).")
  private @Nullable String port;

  @Option(
      names = "--api-port",
      paramLabel = "PORT",
      description = "Port of the ledger API (default: 6680; 0: any free one).")
  private @Nullable String apiPort;

  @Option(
      names = {"-H", "--host"},
      paramLabel = "ADDRESS",
      description = "Address to listen on (default: 0.0.0.0).")
  private @Nullable String host;

  @Option(
      names = {"-n", "--name"},
      description = "Server name shown to agents (default: agentchat).")
  private @Nullable String name;

  @Option(
      names = "--kafka",
      paramLabel = "HOST:PORT,...",
      description = "Use these Kafka brokers instead of starting one in this process.")
  private @Nullable String kafka;

  @Option(
      names = "--topic",
      description = "Kafka topic that holds the log (default: agentchat.events).")
  private @Nullable String topic;

  @Option(
      names = "--kafka-config",
      paramLabel = "FILE",
      description = "Java properties with security.*, sasl.* and ssl.* settings for Kafka.")
  private @Nullable String kafkaConfig;

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

  @Option(
      names = "--hooks",
      paramLabel = "FILE",
      description = "Run these hooks (hooks.yaml) in the same process (default: none).")
  private @Nullable String hooks;

  @Option(names = "--cert", paramLabel = "FILE", description = "TLS certificate chain (PEM).")
  private @Nullable String certificate;

  @Option(names = "--key", paramLabel = "FILE", description = "TLS private key (PKCS#8 PEM).")
  private @Nullable String key;

  @Option(
      names = "--buffer-size",
      paramLabel = "MESSAGES",
      description = "Messages replayed to those who join a channel (default: 20).")
  private @Nullable String bufferSize;

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
    try {
      return settings(home, parts, Configuration.of(flags(), System.getenv(), file(home)));
    } catch (ConfigurationException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private NodeSettings settings(
      Path home, List<NodeSettings.Part> parts, Configuration configuration) {
    if (parts.size() == 1 && configuration.some(Setting.KAFKA).isEmpty()) {
      throw new ConfigurationException(
          "a part that runs alone needs the log that it shares: add --kafka HOST:PORT");
    }
    // Read by the log's own configuration, which is made at the first line that is logged.
    System.setProperty("LOG_LEVEL", configuration.text(Setting.LOG_LEVEL));
    RelayConfiguration relaySettings = new RelayConfiguration(configuration, home);
    relaySettings.check();
    return new NodeSettings(
        home,
        parts,
        configuration.text(Setting.HOST),
        configuration.small(Setting.PORT),
        configuration.small(Setting.API_PORT),
        kafka(configuration),
        configuration.text(Setting.TOPIC),
        configuration.some(Setting.DB),
        configuration.some(Setting.RELAY_NAME),
        configuration.some(Setting.ORIGIN),
        relaySettings::apply,
        configuration.truth(Setting.FSYNC) ? Durability.FSYNC : Durability.PAGE_CACHE,
        rebuild,
        configuration.some(Setting.WITNESSES).map(ServeOptions::witnesses),
        Optional.of(Duration.ofSeconds(configuration.small(Setting.COMMIT_RATINGS)))
            .filter(Duration::isPositive),
        configuration.some(Setting.HOOKS).map(file -> HooksConfig.settings(Path.of(file))));
  }

  private static Policy witnesses(String file) {
    try {
      return Policy.parse(Files.readAllBytes(Path.of(file)));
    } catch (IOException e) {
      throw new ConfigurationException("witnesses: cannot read " + file + ": " + e.getMessage());
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException("witnesses: " + file + ": " + e.getMessage());
    }
  }

  private static Optional<KafkaSettings> kafka(Configuration configuration) {
    Path file = configuration.some(Setting.KAFKA_CONFIG).map(Path::of).orElse(null);
    Optional<String> brokers = configuration.some(Setting.KAFKA);
    if (brokers.isEmpty() && file != null) {
      throw new ConfigurationException(
          "kafka-config: for brokers of yours; name them with --kafka, found none");
    }
    return brokers.map(named -> KafkaFile.settings(named, file));
  }

  private Map<Setting, Configuration.Given> flags() {
    Map<Setting, Configuration.Given> flags = new EnumMap<>(Setting.class);
    for (String word : set) {
      int equals = word.indexOf('=');
      if (equals < 0) {
        throw new ConfigurationException("--set: NAME=VALUE wanted, found no '='");
      }
      Setting setting = ConfigurationFile.setting(word.substring(0, equals), "--set");
      if (setting.kind() instanceof Kind.Secret) {
        throw new ConfigurationException(
            "--set %s: a secret in the environment (%s) or in the configuration file wanted, found"
                    .formatted(setting.key(), setting.environment())
                + " one on the command line, where everybody on this machine can read it");
      }
      put(flags, setting, "--set " + setting.key(), word.substring(equals + 1));
    }
    put(flags, Setting.PORT, "--port", port);
    put(flags, Setting.API_PORT, "--api-port", apiPort);
    put(flags, Setting.HOST, "--host", host);
    put(flags, Setting.SERVER_NAME, "--name", name);
    put(flags, Setting.KAFKA, "--kafka", kafka);
    put(flags, Setting.TOPIC, "--topic", topic);
    put(flags, Setting.KAFKA_CONFIG, "--kafka-config", kafkaConfig);
    put(flags, Setting.DB, "--db", database);
    put(flags, Setting.ORIGIN, "--origin", origin);
    put(flags, Setting.RELAY_NAME, "--relay-name", relay);
    put(flags, Setting.HOOKS, "--hooks", hooks);
    put(flags, Setting.TLS_CERT, "--cert", certificate);
    put(flags, Setting.TLS_KEY, "--key", key);
    put(flags, Setting.MESSAGE_BUFFER_SIZE, "--buffer-size", bufferSize);
    put(flags, Setting.FSYNC, "--no-fsync", pageCache ? "false" : null);
    put(flags, Setting.UNMETERED, "--unmetered", unmetered ? "true" : null);
    return flags;
  }

  private static void put(
      Map<Setting, Configuration.Given> flags,
      Setting setting,
      String source,
      @Nullable String text) {
    if (text != null) {
      flags.put(setting, new Configuration.Given(text, source));
    }
  }

  private Map<Setting, Configuration.Given> file(Path home) {
    if (config != null) {
      return ConfigurationFile.read(config);
    }
    Path usual = home.resolve(ConfigurationFile.NAME);
    return Files.exists(usual) ? ConfigurationFile.read(usual) : Map.of();
  }
}
