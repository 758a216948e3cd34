package org.agentchat.log;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// A log in memory, the fake for tests of what stands around a log.
final class MemoryLog implements EventLog {

  private final List<LogRecord> records = new ArrayList<>();

  @Override
  public synchronized CompletableFuture<Long> append(byte[] value) {
    if (value.length > MAX_RECORD_BYTES) {
      return CompletableFuture.failedFuture(new RecordTooLargeException(value.length));
    }
    add(value);
    return CompletableFuture.completedFuture(records.size() - 1L);
  }

  synchronized void add(byte[] value) {
    records.add(new LogRecord(records.size(), value.clone()));
    notifyAll();
  }

  @Override
  public synchronized long size() {
    return records.size();
  }

  @Override
  public synchronized List<LogRecord> read(long from, int limit) {
    if (from < 0 || limit < 1) {
      throw new IllegalArgumentException("from " + from + ", limit " + limit);
    }
    List<LogRecord> page = new ArrayList<>();
    long bytes = 0;
    for (long i = from; i < records.size() && page.size() < Math.min(limit, 1000); i++) {
      LogRecord record = records.get((int) i);
      bytes += record.value().length;
      if (bytes > MAX_READ_BYTES) {
        break;
      }
      page.add(record);
    }
    return page;
  }

  @Override
  public Tail tail(long from) {
    if (from > size()) {
      throw LogCorruptedException.missing(
          "The log ends before the index to go on from", from, size());
    }
    return new MemoryTail(from);
  }

  @Override
  public void close() {}

  private synchronized void await(long index, Duration wait) {
    long deadline = System.nanoTime() + wait.toNanos();
    while (records.size() <= index && System.nanoTime() < deadline) {
      try {
        TimeUnit.NANOSECONDS.timedWait(this, deadline - System.nanoTime());
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private final class MemoryTail implements Tail {
    private long next;
    private volatile boolean closed;

    MemoryTail(long from) {
      this.next = from;
    }

    @Override
    public List<LogRecord> poll(Duration wait) {
      if (closed) {
        throw new IllegalStateException("This tail is closed");
      }
      await(next, wait);
      List<LogRecord> page = read(next, MAX_READ_RECORDS);
      next += page.size();
      return page;
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
