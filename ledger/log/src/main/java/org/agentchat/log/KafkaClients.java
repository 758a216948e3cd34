package org.agentchat.log;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// The Kafka clients as the log needs them; every setting that differs from Kafka's default is here
/// with its reason.
final class KafkaClients {

  /// One batch holds four of the largest records. A topic's `max.message.bytes` limits the batch,
  /// not the record, see [KafkaTopic].
  static final int BATCH_BYTES = 256 * 1024;

  /// The producer's buffer. Twice what [KafkaAppender] lets in, because a batch is allocated whole
  /// and the last record that does not fit leaves up to a quarter of it empty.
  static final long BUFFER_BYTES = 2L * KafkaAppender.MAX_IN_FLIGHT_BYTES;

  /// How much a tail fetches ahead.
  private static final int TAIL_FETCH_BYTES = LogSource.MAX_READ_BYTES;

  /// How much a random read fetches, of which it may need one record.
  private static final int READ_FETCH_BYTES = 512 * 1024;

  /// A broker that is back is found within this time.
  private static final Duration RECONNECT_MAX = Duration.ofMillis(500);

  /// How long sending may block the caller when the producer knows no broker. Only the first append
  /// after the topic vanished from the cluster's metadata can meet it.
  private static final Duration BLOCK_MAX = Duration.ofSeconds(1);

  /// A tail's fetch stays with the broker until a record arrives, at most this long.
  private static final Duration TAIL_FETCH_WAIT = Duration.ofMillis(500);

  /// A random read must not wait behind its own fetch-ahead at the end of the log.
  private static final Duration READ_FETCH_WAIT = Duration.ofMillis(1);

  private final KafkaSettings settings;

  KafkaClients(KafkaSettings settings) {
    this.settings = settings;
  }

  KafkaProducer<byte[], byte[]> producer() {
    Map<String, Object> config = common(settings.appendTimeout());
    config.put(ProducerConfig.ACKS_CONFIG, "all");
    config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    // Kafka 4 waits 5 ms by default; one append at a time then takes 5.7 ms instead of 0.4.
    config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    // What comes while a request is under way goes together in the next one: group commit. An
    // append alone never waits, and under load there are fewer requests and fewer fsyncs.
    config.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
    config.put(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
    config.put(ProducerConfig.BUFFER_MEMORY_CONFIG, BUFFER_BYTES);
    config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "none");
    config.put(
        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) settings.appendTimeout().toMillis());
    config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, BLOCK_MAX.toMillis());
    // By default an idle topic is forgotten after 5 minutes and the next append looks it up.
    config.put(ProducerConfig.METADATA_MAX_IDLE_CONFIG, Long.MAX_VALUE);
    return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
  }

  KafkaConsumer<byte[], byte[]> tail() {
    return consumer(TAIL_FETCH_WAIT, TAIL_FETCH_BYTES);
  }

  KafkaConsumer<byte[], byte[]> reader() {
    return consumer(READ_FETCH_WAIT, READ_FETCH_BYTES);
  }

  Admin admin() {
    Map<String, Object> config = common(settings.readTimeout());
    config.put(
        CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) settings.readTimeout().toMillis());
    return Admin.create(config);
  }

  private KafkaConsumer<byte[], byte[]> consumer(Duration fetchWait, int fetchBytes) {
    Map<String, Object> config = common(settings.readTimeout());
    config.put(
        CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) settings.readTimeout().toMillis());
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted");
    // A log that no longer has what we want must be an exception, never a jump.
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, LogSource.MAX_READ_RECORDS);
    config.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 1);
    config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, (int) fetchWait.toMillis());
    config.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, fetchBytes);
    config.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, fetchBytes);
    return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private Map<String, Object> common(Duration timeout) {
    Map<String, Object> config = new HashMap<>(settings.security());
    config.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers());
    // Half of the whole time, so that a request that a broker swallowed is sent once more.
    config.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, (int) timeout.toMillis() / 2);
    config.put(
        CommonClientConfigs.SOCKET_CONNECTION_SETUP_TIMEOUT_MS_CONFIG, timeout.toMillis() / 2);
    config.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, RECONNECT_MAX.toMillis());
    config.put(CommonClientConfigs.RETRY_BACKOFF_MAX_MS_CONFIG, RECONNECT_MAX.toMillis());
    config.put(CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG, false);
    return config;
  }
}
