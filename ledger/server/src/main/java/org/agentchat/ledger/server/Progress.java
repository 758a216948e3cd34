package org.agentchat.ledger.server;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How far the projector is and how it does: written by its thread, read and waited for by others.
final class Progress {
  /// The rows may be this many entries behind the log before that counts as unhealthy: a second or
  /// less of catching up.
  static final long MAX_HEALTHY_LAG = 10_000;

  private record Trouble(Health.Status status, String reason) {}

  private static final Logger log = LoggerFactory.getLogger(Progress.class);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition moved = lock.newCondition();
  private final CompletableFuture<Void> stopped = new CompletableFuture<>();
  private long folded;
  private long size;

  /// As long as it was not asked, nobody has caught up with it.
  private long logSize = Long.MAX_VALUE;

  private boolean caughtUp;
  private @Nullable Trouble trouble;
  private @Nullable Throwable failure;

  /// @param folded entries in the fold
  /// @param size entries in the rows
  void moved(long folded, long size) {
    lock.lock();
    try {
      this.folded = folded;
      this.size = size;
      noteCaughtUp();
      moved.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void logHas(long entries) {
    lock.lock();
    try {
      logSize = entries;
      noteCaughtUp();
      clear(Health.Status.LOG_AWAY);
    } finally {
      lock.unlock();
    }
  }

  /// Once the fold has been rebuilt, the rows are behind only by what was just appended.
  private void noteCaughtUp() {
    caughtUp = caughtUp || (folded >= logSize && size >= logSize);
  }

  void trouble(Health.Status status, String reason) {
    lock.lock();
    try {
      Trouble found = new Trouble(status, reason);
      if (!found.equals(trouble)) {
        log.warn("{}; trying again", reason);
      }
      trouble = found;
    } finally {
      lock.unlock();
    }
  }

  /// The trouble of this kind, if there was any, is over.
  void clear(Health.Status status) {
    lock.lock();
    try {
      if (trouble != null && trouble.status() == status) {
        log.info("recovered: {}", status);
        trouble = null;
      }
    } finally {
      lock.unlock();
    }
  }

  /// The projector has ended.
  ///
  /// @param why null when it was asked to
  void stopped(@Nullable Throwable why) {
    lock.lock();
    try {
      failure = why;
      if (why != null) {
        log.error("the projector has stopped: {}", why.getMessage(), why);
        stopped.completeExceptionally(new ProjectionStoppedException(sentence(why), why));
      }
      stopped.complete(null);
      moved.signalAll();
    } finally {
      lock.unlock();
    }
  }

  CompletableFuture<Void> stopped() {
    return stopped;
  }

  Health health() {
    lock.lock();
    try {
      long inLog = logSize == Long.MAX_VALUE ? size : Math.max(logSize, size);
      if (failure != null) {
        return new Health(Health.Status.STOPPED, sentence(failure), size, inLog);
      }
      if (trouble != null) {
        return new Health(trouble.status(), trouble.reason(), size, inLog);
      }
      if (!caughtUp) {
        String reason = "the fold is being rebuilt: %d of %d entries".formatted(folded, inLog);
        return new Health(Health.Status.CATCHING_UP, reason, size, inLog);
      }
      if (inLog - size > MAX_HEALTHY_LAG) {
        String reason = "the rows are %d entries behind the log".formatted(inLog - size);
        return new Health(Health.Status.CATCHING_UP, reason, size, inLog);
      }
      return new Health(Health.Status.HEALTHY, null, size, inLog);
    } finally {
      lock.unlock();
    }
  }

  /// Waits until fold and rows have read so many entries.
  ///
  /// @throws TimeoutException saying how far they are and what is in the way
  /// @throws ProjectionStoppedException when they never will
  void await(long entries, Duration timeout) throws InterruptedException, TimeoutException {
    long left = timeout.toNanos();
    lock.lock();
    try {
      while (folded < entries || size < entries) {
        if (failure != null) {
          throw new ProjectionStoppedException(sentence(failure), failure);
        }
        if (stopped.isDone()) {
          throw new ProjectionStoppedException("the ledger server was closed", null);
        }
        if (left <= 0) {
          throw new TimeoutException(
              "the ledger has read %d of %d entries: %s".formatted(size, entries, health()));
        }
        left = moved.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  private static String sentence(Throwable why) {
    String message = why.getMessage();
    return message == null ? why.toString() : message;
  }
}
