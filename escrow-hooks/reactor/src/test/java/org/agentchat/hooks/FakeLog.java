package org.agentchat.hooks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.agentchat.log.EventLog;
import org.agentchat.log.LogException;
import org.agentchat.log.LogRecord;
import org.agentchat.log.Tail;
import org.jspecify.annotations.Nullable;

/// A log in memory that can be away, broken, or cut short.
final class FakeLog implements EventLog {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<byte[]> records = new ArrayList<>();
  private @Nullable LogException failure;

  static FakeLog of(Story story) {
    FakeLog log = new FakeLog();
    log.append(story.events);
    return log;
  }

  void append(List<byte[]> values) {
    change(() -> records.addAll(values));
  }

  @Override
  public CompletableFuture<Long> append(byte[] value) {
    lock.lock();
    try {
      records.add(value);
      changed.signalAll();
      return CompletableFuture.completedFuture(records.size() - 1L);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {}

  void truncate(int size) {
    change(() -> records.subList(size, records.size()).clear());
  }

  /// Every answer fails so from now on; null: no more.
  void fail(@Nullable LogException with) {
    change(() -> failure = with);
  }

  private void change(Runnable change) {
    lock.lock();
    try {
      change.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public long size() {
    lock.lock();
    try {
      requireWorking();
      return records.size();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public List<LogRecord> read(long from, int limit) {
    lock.lock();
    try {
      requireWorking();
      List<LogRecord> read = new ArrayList<>();
      int end = (int) Math.min(records.size(), from + Math.min(limit, MAX_READ_RECORDS));
      for (int i = (int) from; i < end; i++) {
        read.add(new LogRecord(i, records.get(i)));
      }
      return read;
    } finally {
      lock.unlock();
    }
  }

  private void requireWorking() {
    if (failure != null) {
      throw failure;
    }
  }

  @Override
  public Tail tail(long from) {
    return new MemoryTail(from);
  }

  private final class MemoryTail implements Tail {
    private long next;
    private boolean closed;

    MemoryTail(long from) {
      this.next = from;
    }

    @Override
    public List<LogRecord> poll(Duration wait) {
      long left = wait.toNanos();
      lock.lock();
      try {
        while (!closed && left > 0 && next >= records.size() && failure == null) {
          left = changed.awaitNanos(left);
        }
        if (closed) {
          throw new IllegalStateException("the tail is closed");
        }
        List<LogRecord> read = read(next, MAX_READ_RECORDS);
        next += read.size();
        return read;
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return List.of();
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void close() {
      change(() -> closed = true);
    }
  }
}
