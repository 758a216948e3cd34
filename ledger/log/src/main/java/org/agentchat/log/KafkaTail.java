package org.agentchat.log;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/// A [Tail] of the topic.
final class KafkaTail implements Tail {

  private final KafkaCursor cursor;

  /// Held while polling, so that closing waits for the poll that it ended.
  private final ReentrantLock lock = new ReentrantLock();

  private volatile boolean closed;

  private KafkaTail(KafkaCursor cursor) {
    this.cursor = cursor;
  }

  /// Takes over the cursor; closes it when the log does not reach from its begin to `from`.
  static KafkaTail from(long from, KafkaCursor cursor) {
    try {
      requireReachable(from, cursor.begin(), cursor.end());
    } catch (LogException e) {
      cursor.close();
      throw e;
    }
    cursor.seek(from);
    return new KafkaTail(cursor);
  }

  private static void requireReachable(long from, long begin, long end) {
    if (begin > 0) {
      throw LogCorruptedException.missing("The log lost its oldest records", 0, begin);
    }
    if (from > end) {
      throw LogCorruptedException.missing("The log ends before the index to go on from", from, end);
    }
  }

  @Override
  public List<LogRecord> poll(Duration wait) {
    lock.lock();
    try {
      if (closed) {
        throw new IllegalStateException("This tail is closed");
      }
      return cursor.poll(wait);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    cursor.wakeup();
    lock.lock();
    try {
      cursor.close();
    } finally {
      lock.unlock();
    }
  }
}
