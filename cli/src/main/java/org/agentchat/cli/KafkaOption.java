package org.agentchat.cli;

import java.nio.file.Path;
import org.agentchat.log.KafkaLogReader;
import org.agentchat.log.KafkaSettings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// `--kafka`: the log in Kafka, for those who only read it.
final class KafkaOption {
  @Option(
      names = "--kafka",
      paramLabel = "HOST:PORT,...",
      description = "Read the log from Kafka instead of a ledger; no right to write is needed.")
  private @Nullable String brokers;

  @Option(
      names = "--topic",
      defaultValue = KafkaSettings.DEFAULT_TOPIC,
      description = "Kafka topic (default: ${DEFAULT-VALUE}).")
  private String topic = KafkaSettings.DEFAULT_TOPIC;

  @Option(
      names = "--kafka-config",
      paramLabel = "FILE",
      description = "Java properties with security.*, sasl.* and ssl.* settings for Kafka.")
  private @Nullable Path config;

  /// The brokers that were named, or null.
  @Nullable String brokers() {
    return brokers;
  }

  /// Opens the log at the brokers that were named.
  ///
  /// @throws picocli.CommandLine.ParameterException if the file makes no sense
  KafkaLogReader open(String named, Output output) {
    try {
      return KafkaLogReader.open(KafkaFile.settings(named, config).withTopic(topic));
    } catch (ConfigurationException e) {
      throw output.usage(String.valueOf(e.getMessage()));
    }
  }
}
