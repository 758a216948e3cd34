package org.agentchat.hooks;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/// How the hooks do, for those who ask often: the database is asked every few seconds at the most.
final class Summaries {
  private static final Duration FRESH = Duration.ofSeconds(5);

  private final ReentrantLock lock = new ReentrantLock();
  private final Outbox outbox;
  private List<HookSummary> last = List.of();
  private long askedAt;

  Summaries(Outbox outbox) {
    this.outbox = outbox;
  }

  /// What was last found; while the database is away, that.
  List<HookSummary> get() {
    lock.lock();
    try {
      long now = System.nanoTime();
      if (askedAt == 0 || now - askedAt > FRESH.toNanos()) {
        askedAt = now;
        last = outbox.summaries();
      }
    } catch (SQLException _) {
      // Whoever works with the database says that it is away.
      askedAt = System.nanoTime();
    } finally {
      lock.unlock();
    }
    return last;
  }
}
