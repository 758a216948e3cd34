package org.agentchat.relay;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.agentchat.log.EventLog;
import org.agentchat.log.LogRecord;
import org.agentchat.log.LogUnavailableException;
import org.agentchat.log.Tail;
import org.jspecify.annotations.Nullable;

/// A log in memory, strict about order, that can be told to go away.
final class MemoryLog implements EventLog {
  private final List<byte[]> values = new ArrayList<>();
  private boolean away;

  /// From where on the last poll of a tail asked.
  private long asked;

  private @Nullable Error poison;
  private @Nullable Error spoilt;

  @Override
  public synchronized CompletableFuture<Long> append(byte[] value) {
    if (away) {
      return CompletableFuture.failedFuture(
          LogUnavailableException.nothingRecorded("the broker is away"));
    }
    if (spoilt != null) {
      throw spoilt;
    }
    values.add(value);
    notifyAll();
    return CompletableFuture.completedFuture(values.size() - 1L);
  }

  synchronized void goAway(boolean gone) {
    away = gone;
  }

  /// Makes every append end with this error.
  synchronized void spoil(Error error) {
    spoilt = error;
  }

  /// Makes every tail end with this error.
  synchronized void poison(Error error) {
    poison = error;
    notifyAll();
  }

  /// Whether the one who follows this log has dealt with all that it holds, and asks for more.
  synchronized boolean isFollowed() {
    return asked >= values.size();
  }

  @Override
  public synchronized long size() {
    return values.size();
  }

  @Override
  public synchronized List<LogRecord> read(long from, int limit) {
    List<LogRecord> records = new ArrayList<>();
    for (long i = from; i < values.size() && records.size() < limit; i++) {
      records.add(new LogRecord(i, values.get((int) i)));
    }
    return records;
  }

  private synchronized List<LogRecord> await(long from, Duration wait) {
    asked = from;
    long deadline = System.nanoTime() + wait.toNanos();
    try {
      for (long left = 1; from >= values.size() && left > 0 && poison == null; ) {
        wait(left);
        left = (deadline - System.nanoTime()) / 1_000_000;
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    if (poison != null) {
      throw poison;
    }
    return read(from, MAX_READ_RECORDS);
  }

  @Override
  public Tail tail(long from) {
    return new Tail() {
      private long next = from;

      @Override
      public List<LogRecord> poll(Duration wait) {
        List<LogRecord> records = await(next, wait);
        next += records.size();
        return records;
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void close() {}
}
