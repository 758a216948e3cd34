package org.agentchat.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.agentchat.hooks.config.HooksFile;
import org.agentchat.log.Durability;
import org.agentchat.log.KafkaSettings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// What `serve hooks` can be told on the command line. Where the log is may also be said in the
/// environment and in `relay.conf`, as for the other parts.
final class HooksServeOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The hooks (default: hooks.yaml in --home).")
  private @Nullable Path config;

  @Option(
      names = "--kafka",
      paramLabel = "HOST:PORT,...",
      description = "Kafka brokers (default: those of the server in the same home folder).")
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

  /// The settings of a process that runs hooks and nothing else.
  NodeSettings settings(Path home) {
    try {
      Configuration configuration = Configuration.of(flags(), System.getenv(), file(home));
      // Read by the log's own configuration, which is made at the first line that is logged.
      System.setProperty("LOG_LEVEL", configuration.text(Setting.LOG_LEVEL));
      return new NodeSettings(
          home,
          List.of(NodeSettings.Part.HOOKS),
          configuration.text(Setting.HOST),
          0,
          0,
          Optional.of(kafka(configuration, home)),
          configuration.text(Setting.TOPIC),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          UnaryOperator.identity(),
          Durability.FSYNC,
          false,
          Optional.empty(),
          Optional.empty(),
          Optional.of(
              HooksConfig.settings(config == null ? home.resolve(HooksFile.NAME) : config)));
    } catch (ConfigurationException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  static KafkaSettings kafka(Configuration configuration, Path home) {
    String brokers =
        configuration
            .some(Setting.KAFKA)
            .or(() -> new BrokerAddress(home).read())
            .orElseThrow(() ->
                new ConfigurationException(
                    "no server has run in %s, so the log must be named: add --kafka HOST:PORT"
                        .formatted(home)));
    return KafkaFile.settings(
        brokers, configuration.some(Setting.KAFKA_CONFIG).map(Path::of).orElse(null));
  }

  private Map<Setting, Configuration.Given> flags() {
    Map<Setting, Configuration.Given> flags = new EnumMap<>(Setting.class);
    put(flags, Setting.KAFKA, "--kafka", kafka);
    put(flags, Setting.TOPIC, "--topic", topic);
    put(flags, Setting.KAFKA_CONFIG, "--kafka-config", kafkaConfig);
    return flags;
  }

  static void put(
      Map<Setting, Configuration.Given> flags,
      Setting setting,
      String source,
      @Nullable String text) {
    if (text != null) {
      flags.put(setting, new Configuration.Given(text, source));
    }
  }

  static Map<Setting, Configuration.Given> file(Path home) {
    Path usual = home.resolve(ConfigurationFile.NAME);
    return Files.exists(usual) ? ConfigurationFile.read(usual) : Map.of();
  }
}
