package org.agentchat.log;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The topic that holds the log: made when missing, looked at before use.
final class KafkaTopic {

  /// The batch limit of a topic that we create: Kafka's own default, four of our batches.
  static final int MAX_MESSAGE_BYTES = 1024 * 1024 + 12;

  /// What makes offsets dense and records stay: nothing is ever removed.
  private static final Map<String, String> REQUIRED =
      Map.of(
          TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE,
          TopicConfig.RETENTION_MS_CONFIG, "-1",
          TopicConfig.RETENTION_BYTES_CONFIG, "-1");

  /// Copies that make it worth asking for two of them in sync.
  private static final int REPLICATED = 3;

  /// Room for what Kafka adds to a batch.
  private static final int BATCH_OVERHEAD_BYTES = 1024;

  private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

  private static final Logger LOG = LoggerFactory.getLogger(KafkaTopic.class);

  private final KafkaSettings settings;
  private final String name;

  KafkaTopic(KafkaSettings settings) {
    this.settings = settings;
    this.name = settings.topic();
  }

  /// The only partition.
  TopicPartition partition() {
    return new TopicPartition(name, 0);
  }

  /// Creates the topic when it is missing, then checks it.
  ///
  /// @throws UnsuitableTopicException when it cannot hold the log
  /// @throws LogUnavailableException when the broker does not answer in time
  void prepare(Admin admin) {
    if (!exists(admin)) {
      create(admin);
    }
    long deadline = System.nanoTime() + settings.readTimeout().toNanos();
    while (!checked(admin, deadline)) {
      pause();
    }
  }

  /// A topic just created is unknown to the brokers for a moment; until the deadline that is no
  /// failure.
  private boolean checked(Admin admin, long deadline) {
    try {
      check(admin);
      return true;
    } catch (LogUnavailableException e) {
      if (isUnknownTopic(e) && System.nanoTime() < deadline) {
        return false;
      }
      throw e;
    }
  }

  /// Checks that the topic is there and can be a log, with no right but to look at it.
  ///
  /// @throws UnsuitableTopicException when it is not
  /// @throws LogUnavailableException when the broker does not answer in time
  void requireReadable(Admin admin) {
    if (!exists(admin)) {
      throw new UnsuitableTopicException(
          "Kafka at %s has no topic %s: name the log's own with --topic"
              .formatted(settings.bootstrapServers(), name));
    }
    requireOnePartition(describe(admin));
  }

  /// Checks that the topic can hold the log.
  ///
  /// @throws UnsuitableTopicException when it cannot
  /// @throws LogUnavailableException when the broker does not answer in time
  void check(Admin admin) {
    TopicDescription description = describe(admin);
    requireOnePartition(description);
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, name);
    Config config =
        get(admin.describeConfigs(List.of(resource)).all(), "describe its settings").get(resource);
    if (config == null) {
      throw LogUnavailableException.unreadable("Kafka told no settings of topic " + name, null);
    }
    REQUIRED.forEach((key, wanted) -> require(key, wanted, config.get(key).value()));
    requireRoomForBatch(config.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG).value());
    warnOfSingleCopy(description, config.get(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG).value());
  }

  private void requireOnePartition(TopicDescription description) {
    int partitions = description.partitions().size();
    if (partitions != 1) {
      throw new UnsuitableTopicException(
          "The Kafka topic %s has %d partitions and the log needs exactly 1: name another topic"
              .formatted(name, partitions));
    }
  }

  private boolean exists(Admin admin) {
    try {
      describe(admin);
      return true;
    } catch (LogUnavailableException e) {
      if (isUnknownTopic(e)) {
        return false;
      }
      throw e;
    }
  }

  private TopicDescription describe(Admin admin) {
    return Objects.requireNonNull(
        get(admin.describeTopics(List.of(name)).allTopicNames(), "describe it").get(name));
  }

  private static boolean isUnknownTopic(LogUnavailableException failure) {
    return failure.getCause() instanceof UnknownTopicOrPartitionException;
  }

  private static void pause() {
    try {
      Thread.sleep(LOOK_AGAIN);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw LogUnavailableException.unreadable("Interrupted while opening the log", e);
    }
  }

  private void create(Admin admin) {
    Map<String, String> config = new LinkedHashMap<>(REQUIRED);
    config.put(TopicConfig.COMPRESSION_TYPE_CONFIG, "producer");
    config.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(MAX_MESSAGE_BYTES));
    config.put(TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG, "false");
    if (settings.replicationFactor() >= REPLICATED) {
      config.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, "2");
    }
    NewTopic topic = new NewTopic(name, 1, settings.replicationFactor()).configs(config);
    try {
      get(admin.createTopics(List.of(topic)).all(), "create it");
      LOG.info("Created the Kafka topic {} at {}", name, settings.bootstrapServers());
    } catch (LogUnavailableException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw e;
      }
      LOG.debug("Another process created the Kafka topic {} first", name);
    }
  }

  private void require(String key, String wanted, String found) {
    if (!wanted.equals(found)) {
      throw new UnsuitableTopicException(
          "The Kafka topic %s has %s=%s and the log needs %s: kafka-configs --alter --topic %s --add-config %s=%s"
              .formatted(name, key, found, wanted, name, key, wanted));
    }
  }

  private void requireRoomForBatch(String found) {
    int wanted = KafkaClients.BATCH_BYTES + BATCH_OVERHEAD_BYTES;
    if (Integer.parseInt(found) < wanted) {
      require(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(MAX_MESSAGE_BYTES), found);
    }
  }

  private void warnOfSingleCopy(TopicDescription description, String minInSync) {
    int copies = description.partitions().getFirst().replicas().size();
    if (copies > 1 && minInSync.equals("1")) {
      LOG.warn(
          "The Kafka topic {} has {} copies but min.insync.replicas=1: an answered record may be"
              + " lost with one broker",
          name,
          copies);
    }
  }

  private <T> T get(KafkaFuture<T> future, String toDoWhat) {
    String what =
        "Kafka at %s, topic %s, failed to %s"
            .formatted(settings.bootstrapServers(), name, toDoWhat);
    try {
      return future.get();
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw LogUnavailableException.unreadable(what + ": " + cause.getMessage(), cause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw LogUnavailableException.unreadable(what + ": interrupted", e);
    }
  }
}
