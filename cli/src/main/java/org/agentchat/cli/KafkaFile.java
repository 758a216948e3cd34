package org.agentchat.cli;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.agentchat.log.KafkaSettings;
import org.jspecify.annotations.Nullable;

/// How Kafka clients prove who they are and to whom they speak: a file of Java properties as
/// Kafka's own tools take it, for passwords have no place on a command line.
final class KafkaFile {
  /// A page of settings with a certificate or two fits, in bytes.
  private static final long MAX_BYTES = 256 * 1024;

  private KafkaFile() {}

  /// The settings for brokers.
  ///
  /// @param config the file, or null for plain connections
  /// @throws ConfigurationException if the file cannot be read, or says what no client is told
  static KafkaSettings settings(String brokers, @Nullable Path config) {
    KafkaSettings plain = KafkaSettings.external(brokers);
    if (config == null) {
      return plain;
    }
    try {
      return plain.withSecurity(read(config));
    } catch (IOException e) {
      throw new ConfigurationException("cannot read " + config + " (" + e + ")");
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(config + ": " + e.getMessage());
    }
  }

  private static Map<String, String> read(Path file) throws IOException {
    if (Files.size(file) > MAX_BYTES) {
      throw new ConfigurationException(
          file + ": Java properties of at most " + MAX_BYTES + " bytes wanted, found more");
    }
    Properties properties = new Properties();
    properties.load(new StringReader(Files.readString(file)));
    Map<String, String> settings = new HashMap<>();
    for (String key : properties.stringPropertyNames()) {
      settings.put(key, properties.getProperty(key));
    }
    return settings;
  }
}
