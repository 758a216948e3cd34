package org.agentchat.log;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/// A log that refuses appends while the disk below it is nearly full, and takes them again once
/// there is space. Reading goes on meanwhile.
public final class GuardedEventLog implements EventLog {

  private final EventLog log;
  private final DiskReserve reserve;

  /// @param log the log to guard, closed with this one
  /// @param reserve watches the disk that the log is on
  public GuardedEventLog(EventLog log, DiskReserve reserve) {
    this.log = log;
    this.reserve = reserve;
  }

  @Override
  public CompletableFuture<Long> append(byte[] value) {
    if (reserve.exhausted()) {
      return CompletableFuture.failedFuture(
          LogUnavailableException.nothingRecorded(reserve.complaint()));
    }
    return log.append(value);
  }

  @Override
  public long size() {
    return log.size();
  }

  @Override
  public List<LogRecord> read(long from, int limit) {
    return log.read(from, limit);
  }

  @Override
  public Tail tail(long from) {
    return log.tail(from);
  }

  @Override
  public void close() {
    log.close();
  }
}
