package org.agentchat.log;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;

/// The log in one Kafka topic with one partition: the offset is the index.
///
/// Records have no key and are never written in a transaction, whose markers would take offsets.
/// The producer is idempotent, so a retry after a lost answer records nothing twice. An append that
/// times out may be in the log all the same, see [LogUnavailableException]. Brokers may go and come
/// back: appends fail after the append timeout meanwhile, reads after the read timeout, tails stay
/// silent, and all go on by themselves.
///
/// Any thread may use it.
public final class KafkaEventLog implements EventLog {

  private final KafkaTopic topic;
  private final KafkaClients clients;
  private final KafkaAppender appender;
  private final KafkaReader reader;
  private final AtomicBoolean closed = new AtomicBoolean();

  private KafkaEventLog(
      KafkaTopic topic, KafkaClients clients, KafkaAppender appender, KafkaReader reader) {
    this.topic = topic;
    this.clients = clients;
    this.appender = appender;
    this.reader = reader;
  }

  /// Opens the log, creating the topic when it is missing.
  ///
  /// @throws LogUnavailableException when Kafka does not answer within the read timeout
  /// @throws UnsuitableTopicException when the topic exists and cannot hold the log
  public static KafkaEventLog open(KafkaSettings settings) {
    KafkaTopic topic = new KafkaTopic(settings);
    KafkaClients clients = new KafkaClients(settings);
    try (Admin admin = clients.admin()) {
      topic.prepare(admin);
    }
    KafkaAppender appender =
        new KafkaAppender(producer(clients, topic), topic.partition(), settings.appendTimeout());
    KafkaReader reader =
        new KafkaReader(
            new KafkaCursor(clients.reader(), topic.partition()), settings.readTimeout());
    return new KafkaEventLog(topic, clients, appender, reader);
  }

  /// A producer that knows the partition's leader, so that no append has to look for it.
  private static KafkaProducer<byte[], byte[]> producer(KafkaClients clients, KafkaTopic topic) {
    KafkaProducer<byte[], byte[]> producer = clients.producer();
    try {
      producer.partitionsFor(topic.partition().topic());
      return producer;
    } catch (KafkaException e) {
      producer.close();
      throw LogUnavailableException.unreadable(
          "Kafka did not tell the leader of %s: %s".formatted(topic.partition(), e.getMessage()),
          e);
    }
  }

  @Override
  public CompletableFuture<Long> append(byte[] value) {
    if (closed.get()) {
      return CompletableFuture.failedFuture(
          LogUnavailableException.nothingRecorded("The log is closed"));
    }
    return appender.append(value);
  }

  @Override
  public long size() {
    return reader.size();
  }

  @Override
  public List<LogRecord> read(long from, int limit) {
    return reader.read(from, limit);
  }

  /// {@inheritDoc}
  ///
  /// A tail has a connection of its own and sees a record within about a millisecond of its being
  /// durable.
  ///
  /// @throws UnsuitableTopicException when the topic meanwhile got more partitions, or an end to
  ///   its retention
  @Override
  public Tail tail(long from) {
    try (Admin admin = clients.admin()) {
      topic.check(admin);
    }
    return KafkaTail.from(from, new KafkaCursor(clients.tail(), topic.partition()));
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      appender.close();
      reader.close();
    }
  }
}
