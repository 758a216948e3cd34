package org.agentchat.log;

import java.util.List;
import org.apache.kafka.clients.admin.Admin;

/// The log in Kafka for those who only look: needs no right to write, and makes nothing. A topic
/// that is not there stays so.
///
/// Any thread may use it.
public final class KafkaLogReader implements LogSource, AutoCloseable {
  private final KafkaTopic topic;
  private final KafkaClients clients;
  private final KafkaReader reader;

  private KafkaLogReader(KafkaTopic topic, KafkaClients clients, KafkaReader reader) {
    this.topic = topic;
    this.clients = clients;
    this.reader = reader;
  }

  /// Opens the log.
  ///
  /// @throws LogUnavailableException when Kafka does not answer within the read timeout
  /// @throws UnsuitableTopicException when there is no such topic, or it is no log
  public static KafkaLogReader open(KafkaSettings settings) {
    KafkaTopic topic = new KafkaTopic(settings);
    KafkaClients clients = new KafkaClients(settings);
    try (Admin admin = clients.admin()) {
      topic.requireReadable(admin);
    }
    KafkaCursor cursor = new KafkaCursor(clients.reader(), topic.partition());
    return new KafkaLogReader(topic, clients, new KafkaReader(cursor, settings.readTimeout()));
  }

  @Override
  public long size() {
    return reader.size();
  }

  @Override
  public List<LogRecord> read(long from, int limit) {
    return reader.read(from, limit);
  }

  @Override
  public Tail tail(long from) {
    return KafkaTail.from(from, new KafkaCursor(clients.tail(), topic.partition()));
  }

  @Override
  public void close() {
    reader.close();
  }
}
