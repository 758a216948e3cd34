package org.agentchat.hooks.evm;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.agentchat.log.EventLog;
import org.agentchat.log.LogRecord;
import org.agentchat.log.Tail;

/// A log in memory, for as many readers and writers as there are in this process.
final class MemoryLog implements EventLog {
  private final List<LogRecord> records = new ArrayList<>();

  @Override
  public synchronized CompletableFuture<Long> append(byte[] value) {
    long index = records.size();
    records.add(new LogRecord(index, value.clone()));
    notifyAll();
    return CompletableFuture.completedFuture(index);
  }

  @Override
  public synchronized long size() {
    return records.size();
  }

  @Override
  public synchronized List<LogRecord> read(long from, int limit) {
    int end = (int) Math.min(records.size(), from + Math.min(limit, MAX_READ_RECORDS));
    return from >= end ? List.of() : List.copyOf(records.subList((int) from, end));
  }

  @SuppressWarnings("WaitNotInLoop") // A poll that comes back early and empty is a poll too.
  private synchronized List<LogRecord> await(long from, Duration wait) {
    try {
      if (records.size() <= from && wait.isPositive()) {
        wait(wait.toMillis() + 1);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    return read(from, MAX_READ_RECORDS);
  }

  @Override
  public Tail tail(long from) {
    return new Tail() {
      private long next = from;

      @Override
      public List<LogRecord> poll(Duration wait) {
        List<LogRecord> page = await(next, wait);
        next += page.size();
        return page;
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void close() {}
}
