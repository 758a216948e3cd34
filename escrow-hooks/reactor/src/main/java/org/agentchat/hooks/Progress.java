package org.agentchat.hooks;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How far the reactor is and how it does: written by its threads, read and waited for by others.
final class Progress {
  /// Plans may be this many entries behind the log before that counts as unhealthy: a second or
  /// less of catching up.
  static final long MAX_HEALTHY_LAG = 10_000;

  private static final Logger log = LoggerFactory.getLogger(Progress.class);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition moved = lock.newCondition();
  private final CompletableFuture<Void> stopped = new CompletableFuture<>();
  private final Map<Health.Status, String> troubles = new EnumMap<>(Health.Status.class);
  private long folded;
  private long read;

  /// As long as it was not asked, nobody has caught up with it.
  private long logSize = Long.MAX_VALUE;

  private boolean caughtUp;
  private @Nullable Throwable failure;

  /// @param folded entries in the fold
  /// @param read entries that hooks were planned from
  void moved(long folded, long read) {
    lock.lock();
    try {
      this.folded = folded;
      this.read = read;
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
    } finally {
      lock.unlock();
    }
    clear(Health.Status.LOG_AWAY);
  }

  private void noteCaughtUp() {
    caughtUp = caughtUp || (folded >= logSize && read >= logSize);
  }

  /// Something does not answer and is tried again; said once.
  void trouble(Health.Status status, String reason) {
    lock.lock();
    try {
      if (!reason.equals(troubles.put(status, reason))) {
        log.warn("{}; trying again", reason);
      }
    } finally {
      lock.unlock();
    }
  }

  /// The trouble of this kind, if there was any, is over.
  void clear(Health.Status status) {
    lock.lock();
    try {
      if (troubles.remove(status) != null) {
        log.info("recovered: {}", status);
      }
    } finally {
      lock.unlock();
    }
  }

  /// The reactor has ended.
  ///
  /// @param why null when it was asked to
  void stopped(@Nullable Throwable why) {
    lock.lock();
    try {
      if (stopped.isDone()) {
        return;
      }
      failure = why;
      if (why != null) {
        log.error("the hooks have stopped: {}", why.getMessage(), why);
        stopped.completeExceptionally(new ReactorStoppedException(sentence(why), why));
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
      long inLog = logSize == Long.MAX_VALUE ? read : Math.max(logSize, read);
      if (failure != null) {
        return new Health(Health.Status.STOPPED, sentence(failure), read, inLog);
      }
      for (Map.Entry<Health.Status, String> trouble : troubles.entrySet()) {
        return new Health(trouble.getKey(), trouble.getValue(), read, inLog);
      }
      if (!caughtUp) {
        String reason = "the fold is being rebuilt: %d of %d entries".formatted(folded, inLog);
        return new Health(Health.Status.CATCHING_UP, reason, read, inLog);
      }
      if (inLog - read > MAX_HEALTHY_LAG) {
        String reason = "the hooks are %d entries behind the log".formatted(inLog - read);
        return new Health(Health.Status.CATCHING_UP, reason, read, inLog);
      }
      return new Health(Health.Status.HEALTHY, null, read, inLog);
    } finally {
      lock.unlock();
    }
  }

  /// Waits until hooks were planned from so many entries.
  ///
  /// @throws TimeoutException saying how far they are and what is in the way
  /// @throws ReactorStoppedException when they never will
  void await(long entries, Duration timeout) throws InterruptedException, TimeoutException {
    long left = timeout.toNanos();
    lock.lock();
    try {
      while (folded < entries || read < entries) {
        if (failure != null) {
          throw new ReactorStoppedException(sentence(failure), failure);
        }
        if (stopped.isDone()) {
          throw new ReactorStoppedException("the reactor was closed", null);
        }
        if (left <= 0) {
          throw new TimeoutException(
              "planned from %d of %d entries within %s: %s"
                  .formatted(read, entries, timeout, health().reason()));
        }
        left = moved.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  private static String sentence(Throwable failure) {
    String message = failure.getMessage();
    return message == null ? failure.getClass().getSimpleName() : message;
  }
}
