package org.agentchat.log;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/// The random access half of [KafkaEventLog]: one consumer, used by one thread at a time. Threads
/// that wait longer than the read timeout for their turn are refused.
final class KafkaReader implements AutoCloseable {

  private final KafkaCursor cursor;
  private final Duration timeout;
  private final ReentrantLock turn = new ReentrantLock();

  /// Fetched and not yet asked for, so that reading page by page fetches each record once. Bounded
  /// by one poll.
  private final Deque<LogRecord> ahead = new ArrayDeque<>();

  /// The size last seen. What is below it is durable and needs no look at Kafka.
  private long size;

  KafkaReader(KafkaCursor cursor, Duration timeout) {
    this.cursor = cursor;
    this.timeout = timeout;
  }

  long size() {
    return inTurn(this::refreshedSize);
  }

  List<LogRecord> read(long from, int limit) {
    if (from < 0 || limit < 1) {
      throw new IllegalArgumentException(
          "Read from index 0 on and at least 1 record, found %d and %d".formatted(from, limit));
    }
    return inTurn(() -> readInTurn(from, Math.min(limit, LogSource.MAX_READ_RECORDS)));
  }

  /// Tries to close in turn; a reader stuck behind a lost broker is woken first.
  @Override
  public void close() {
    cursor.wakeup();
    turn.lock();
    try {
      cursor.close();
    } finally {
      turn.unlock();
    }
  }

  private <T> T inTurn(Supplier<T> work) {
    try {
      if (!turn.tryLock(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
        throw LogUnavailableException.unreadable("Kafka is busy with other reads", null);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw LogUnavailableException.unreadable("Interrupted before reading Kafka", e);
    }
    try {
      return work.get();
    } finally {
      turn.unlock();
    }
  }

  private long refreshedSize() {
    long end = cursor.end();
    if (end < size) {
      throw LogCorruptedException.missing("The Kafka topic was cut", size, end);
    }
    size = end;
    return end;
  }

  private List<LogRecord> readInTurn(long from, int limit) {
    long end = Math.min(from + limit, from + limit <= size ? size : refreshedSize());
    if (from >= end) {
      return List.of();
    }
    moveTo(from);
    long deadline = System.nanoTime() + timeout.toNanos();
    List<LogRecord> records = new ArrayList<>();
    while (!take(records, end)) {
      long left = deadline - System.nanoTime();
      if (left <= 0 || Thread.currentThread().isInterrupted()) {
        throw LogUnavailableException.unreadable(
            "Kafka did not deliver index %d within %s".formatted(cursor.next(), timeout), null);
      }
      ahead.addAll(cursor.poll(Duration.ofNanos(left)));
    }
    return records;
  }

  private void moveTo(long from) {
    while (!ahead.isEmpty() && ahead.getFirst().index() < from) {
      ahead.removeFirst();
    }
    boolean buffered = !ahead.isEmpty() && ahead.getFirst().index() == from;
    if (!buffered && cursor.next() != from) {
      cursor.seek(from);
    }
    if (!buffered) {
      ahead.clear();
    }
  }

  /// Moves records from the buffer to the answer; returns whether the answer is complete.
  private boolean take(List<LogRecord> records, long end) {
    long bytes = records.stream().mapToLong(record -> record.value().length).sum();
    while (!ahead.isEmpty()) {
      LogRecord record = ahead.getFirst();
      bytes += record.value().length;
      if (record.index() >= end || (bytes > LogSource.MAX_READ_BYTES && !records.isEmpty())) {
        return true;
      }
      records.add(ahead.removeFirst());
    }
    return !records.isEmpty() && records.getLast().index() + 1 >= end;
  }
}
