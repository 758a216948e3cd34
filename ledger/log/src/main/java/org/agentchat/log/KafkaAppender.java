package org.agentchat.log;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// The writing half of [KafkaEventLog]. Any thread may append.
final class KafkaAppender implements AutoCloseable {

  /// Appends that may be under way at once: what a broker takes in a tenth of a second, and more
  /// than the connections of one relay.
  static final int MAX_IN_FLIGHT_RECORDS = 16_384;

  /// Bytes that may be under way at once: 512 of the largest records.
  static final int MAX_IN_FLIGHT_BYTES = 32 * 1024 * 1024;

  private final KafkaProducer<byte[], byte[]> producer;
  private final TopicPartition partition;
  private final Duration timeout;
  private final AtomicLong records = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();

  KafkaAppender(
      KafkaProducer<byte[], byte[]> producer, TopicPartition partition, Duration timeout) {
    this.producer = producer;
    this.partition = partition;
    this.timeout = timeout;
  }

  CompletableFuture<Long> append(byte[] value) {
    if (value.length > EventLog.MAX_RECORD_BYTES) {
      return CompletableFuture.failedFuture(new RecordTooLargeException(value.length));
    }
    if (!admit(value.length)) {
      return CompletableFuture.failedFuture(
          LogUnavailableException.nothingRecorded(
              "The log is busy: %d appends with %d bytes are waiting for Kafka"
                  .formatted(records.get(), bytes.get())));
    }
    CompletableFuture<Long> index = new CompletableFuture<>();
    send(value, index);
    return index;
  }

  private boolean admit(int length) {
    long recordsNow = records.incrementAndGet();
    long bytesNow = bytes.addAndGet(length);
    if (recordsNow > MAX_IN_FLIGHT_RECORDS || bytesNow > MAX_IN_FLIGHT_BYTES) {
      release(length);
      return false;
    }
    return true;
  }

  private void release(int length) {
    records.decrementAndGet();
    bytes.addAndGet(-length);
  }

  private void send(byte[] value, CompletableFuture<Long> index) {
    ProducerRecord<byte[], byte[]> message =
        new ProducerRecord<>(partition.topic(), partition.partition(), null, value);
    try {
      Future<RecordMetadata> _ =
          producer.send(
              message,
              (metadata, failure) -> {
                release(value.length);
                answer(index, metadata, failure);
              });
    } catch (KafkaException | IllegalStateException e) {
      // Kafka throws here, rather than into the callback, when it is closed or interrupted.
      release(value.length);
      index.completeExceptionally(
          LogUnavailableException.outcomeUnknown("Kafka took no record: " + e.getMessage(), e));
    }
  }

  private void answer(
      CompletableFuture<Long> index, RecordMetadata metadata, @Nullable Exception failure) {
    if (failure != null) {
      index.completeExceptionally(
          LogUnavailableException.outcomeUnknown(
              "Kafka did not confirm the record within %s: %s"
                  .formatted(timeout, failure.getMessage()),
              failure));
    } else if (!metadata.hasOffset()) {
      // A record sent twice, whose first answer was lost and whose place Kafka no longer knows.
      index.completeExceptionally(
          LogUnavailableException.outcomeUnknown("Kafka confirmed the record without place", null));
    } else {
      index.complete(metadata.offset());
    }
  }

  /// Waits at most the append timeout for appends under way.
  @Override
  public void close() {
    producer.close(timeout);
  }
}
