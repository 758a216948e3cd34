package org.agentchat.log;

import java.time.Duration;
import java.util.Map;
import java.util.Set;

/// How to reach the log in Kafka.
///
/// @param bootstrapServers `host:port`, several separated by commas
/// @param topic name of the topic, one for each marketplace
/// @param replicationFactor copies of the topic when it has to be created; -1 is the cluster's
///   default
/// @param appendTimeout after how long an append is given up, at least 1 second
/// @param readTimeout after how long a read or the opening of the log is given up
/// @param security settings given to every Kafka client as they are, only `security.*`, `sasl.*`
///   and `ssl.*`; empty for plain connections
public record KafkaSettings(
    String bootstrapServers,
    String topic,
    short replicationFactor,
    Duration appendTimeout,
    Duration readTimeout,
    Map<String, String> security) {

  /// The topic unless another is named.
  public static final String DEFAULT_TOPIC = "agentchat.events";

  /// Long enough for a broker to be restarted, short enough for an agent to wait for.
  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

  private static final Duration MIN_APPEND_TIMEOUT = Duration.ofSeconds(1);
  private static final Set<String> SECURITY_PREFIXES = Set.of("security.", "sasl.", "ssl.");

  public KafkaSettings {
    if (appendTimeout.compareTo(MIN_APPEND_TIMEOUT) < 0) {
      throw new IllegalArgumentException(
          "The append timeout is at least %s, found %s"
              .formatted(MIN_APPEND_TIMEOUT, appendTimeout));
    }
    if (!readTimeout.isPositive()) {
      throw new IllegalArgumentException("The read timeout is above zero, found " + readTimeout);
    }
    if (replicationFactor < 1 && replicationFactor != -1) {
      throw new IllegalArgumentException(
          "The replication factor is at least 1, or -1, found " + replicationFactor);
    }
    for (String key : security.keySet()) {
      if (SECURITY_PREFIXES.stream().noneMatch(key::startsWith)) {
        throw new IllegalArgumentException(
            "A security setting starts with one of %s, found %s".formatted(SECURITY_PREFIXES, key));
      }
    }
    security = Map.copyOf(security);
  }

  /// For the broker inside this process: one copy.
  public static KafkaSettings embedded(String bootstrapServers) {
    return of(bootstrapServers, (short) 1);
  }

  /// For a cluster: as many copies as the cluster gives by default.
  public static KafkaSettings external(String bootstrapServers) {
    return of(bootstrapServers, (short) -1);
  }

  /// The same with another topic.
  public KafkaSettings withTopic(String other) {
    return new KafkaSettings(
        bootstrapServers, other, replicationFactor, appendTimeout, readTimeout, security);
  }

  /// The same with another time for appends and reads.
  public KafkaSettings withTimeout(Duration timeout) {
    return new KafkaSettings(
        bootstrapServers, topic, replicationFactor, timeout, timeout, security);
  }

  /// The same with settings for every Kafka client.
  ///
  /// @throws IllegalArgumentException if one is not about security
  public KafkaSettings withSecurity(Map<String, String> settings) {
    return new KafkaSettings(
        bootstrapServers, topic, replicationFactor, appendTimeout, readTimeout, settings);
  }

  private static KafkaSettings of(String bootstrapServers, short replicationFactor) {
    return new KafkaSettings(
        bootstrapServers,
        DEFAULT_TOPIC,
        replicationFactor,
        DEFAULT_TIMEOUT,
        DEFAULT_TIMEOUT,
        Map.of());
  }

  /// Without the security settings, which hold passwords.
  @Override
  public String toString() {
    return "KafkaSettings[%s, topic %s]".formatted(bootstrapServers, topic);
  }
}
