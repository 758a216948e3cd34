package org.agentchat.log;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;

/// A place in the topic from which records are read and checked for gaps. One thread at a time,
/// except [#wakeup()].
final class KafkaCursor implements AutoCloseable {

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final TopicPartition partition;
  private final Set<TopicPartition> partitions;
  private long next;

  KafkaCursor(KafkaConsumer<byte[], byte[]> consumer, TopicPartition partition) {
    this.consumer = consumer;
    this.partition = partition;
    this.partitions = Set.of(partition);
    consumer.assign(partitions);
    seek(0);
  }

  /// The index of the next record.
  long next() {
    return next;
  }

  void seek(long index) {
    consumer.seek(partition, index);
    next = index;
  }

  /// Returns the next records, empty when none came in time, when woken or when interrupted (the
  /// interrupt stays set).
  ///
  /// @throws LogCorruptedException when the next record is missing; the cursor does not move
  /// @throws LogUnavailableException when Kafka refuses
  List<LogRecord> poll(Duration wait) {
    try {
      return dense(consumer.poll(wait));
    } catch (WakeupException | InterruptException _) {
      return List.of();
    } catch (OffsetOutOfRangeException e) {
      throw outOfRange(e);
    } catch (KafkaException e) {
      throw failure(e);
    }
  }

  /// The index of the oldest record, 0 unless somebody removed records.
  long begin() {
    return offset(consumer::beginningOffsets);
  }

  /// The index after the newest durable record.
  long end() {
    return offset(consumer::endOffsets);
  }

  /// Ends a poll under way on another thread, or else the next one.
  void wakeup() {
    consumer.wakeup();
  }

  @Override
  public void close() {
    consumer.close();
  }

  private List<LogRecord> dense(ConsumerRecords<byte[], byte[]> polled) {
    List<LogRecord> records = new ArrayList<>(polled.count());
    for (ConsumerRecord<byte[], byte[]> record : polled.records(partition)) {
      if (record.offset() != next || record.value() == null) {
        return upToFlaw(records, record.offset());
      }
      records.add(new LogRecord(next, record.value()));
      next++;
    }
    OffsetAndMetadata position = polled.nextOffsets().get(partition);
    if (position != null && position.offset() != next) {
      // Kafka moved on without a record: a transaction's marker, or a compacted batch.
      return upToFlaw(records, position.offset());
    }
    return records;
  }

  /// Hands out what is good first; the flaw is met again, and thrown, by the next poll.
  private List<LogRecord> upToFlaw(List<LogRecord> records, long found) {
    consumer.seek(partition, next);
    if (records.isEmpty()) {
      throw found == next
          ? LogCorruptedException.unusable(topic() + " holds a record without value", next, null)
          : LogCorruptedException.missing(topic() + " has a gap", next, found);
    }
    return records;
  }

  private LogCorruptedException outOfRange(OffsetOutOfRangeException cause) {
    long begin = begin();
    return next < begin
        ? LogCorruptedException.missing(topic() + " lost its oldest records", next, begin, cause)
        : LogCorruptedException.missing(
            topic() + " was cut behind what was read", next, end(), cause);
  }

  private LogException failure(KafkaException cause) {
    if (cause.getCause() instanceof CorruptRecordException) {
      return LogCorruptedException.unusable(topic() + " holds a damaged record", next, cause);
    }
    return LogUnavailableException.unreadable(
        "%s cannot be read at index %d: %s".formatted(topic(), next, cause.getMessage()), cause);
  }

  private long offset(OffsetLookup lookup) {
    try {
      Long offset = lookup.offsets(partitions).get(partition);
      if (offset != null) {
        return offset;
      }
      throw LogUnavailableException.unreadable(topic() + " has no leader", null);
    } catch (WakeupException | InterruptException e) {
      throw LogUnavailableException.unreadable(topic() + ": interrupted", e);
    } catch (KafkaException e) {
      throw failure(e);
    }
  }

  private String topic() {
    return "The Kafka topic " + partition.topic();
  }

  @FunctionalInterface
  private interface OffsetLookup {
    Map<TopicPartition, Long> offsets(Set<TopicPartition> partitions);
  }
}
