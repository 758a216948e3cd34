package org.agentchat.deploy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.agentchat.log.EventLog;
import org.agentchat.log.LogRecord;
import org.agentchat.log.LogUnavailableException;
import org.agentchat.log.Tail;

/// A log that does not answer while it is away.
final class MoodyLog implements EventLog {
  private final EventLog log;
  private volatile boolean away;
  private volatile String untaken = "nothing";

  MoodyLog(EventLog log) {
    this.log = log;
  }

  void away(boolean isAway) {
    away = isAway;
  }

  /// Does not take statements of that type.
  void refuse(String type) {
    untaken = type;
  }

  private boolean isUntaken(byte[] value) {
    return new String(value, StandardCharsets.UTF_8).contains("\"type\":\"" + untaken + "\"");
  }

  @Override
  public CompletableFuture<Long> append(byte[] value) {
    return away || isUntaken(value)
        ? CompletableFuture.failedFuture(LogUnavailableException.nothingRecorded("the log sulks"))
        : log.append(value);
  }

  @Override
  public long size() {
    return log.size();
  }

  @Override
  public List<LogRecord> read(long from, int limit) {
    if (away) {
      throw LogUnavailableException.unreadable("the log sulks", null);
    }
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
