package org.agentchat.relay;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.agentchat.ledger.Applied;
import org.agentchat.ledger.Entry;
import org.agentchat.ledger.EntryReader;
import org.agentchat.ledger.Ledger;
import org.agentchat.log.EventLog;
import org.agentchat.log.LogCorruptedException;
import org.agentchat.log.LogException;
import org.agentchat.log.LogRecord;
import org.agentchat.log.LogUnavailableException;
import org.agentchat.log.Tail;
import org.agentchat.schemas.event.LeafHash;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The fold as it follows the log. One platform thread, the tailer, applies entries; everybody else
/// reads through [#read] or appends through [#record], which answers once the event is durable and
/// applied here.
final class LiveLedger implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LiveLedger.class);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);

  /// Below this many records a batch is read on the tailer itself: handing it over costs more.
  private static final int PARALLEL_FROM = 32;

  private final EventLog log;
  private final EntryReader reader;
  private final Listener listener;
  private final List<Consumer<Applied>> others = new CopyOnWriteArrayList<>();
  private final Ledger ledger = new Ledger();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition moved = lock.newCondition();
  private final Map<LeafHash, CompletableFuture<Applied>> waiting = new ConcurrentHashMap<>();
  private final Thread tailer;
  private volatile boolean live;
  private volatile boolean closed;
  private volatile @Nullable String broken;

  /// Why the last append failed, if none has succeeded since and nothing was applied.
  private volatile @Nullable String away;

  private final CompletableFuture<String> failed = new CompletableFuture<>();

  /// Hears of every entry that is applied, one at a time.
  interface Listener {
    /// Must not block: the tailer calls it.
    ///
    /// @param live false during [#catchUp]
    void applied(Applied applied, boolean live);
  }

  /// @param listener told of every entry
  LiveLedger(EventLog log, EntryReader reader, Listener listener) {
    this.log = log;
    this.reader = reader;
    this.listener = listener;
    this.tailer = Thread.ofPlatform().name("tailer").unstarted(this::tail);
  }

  /// Tells one more of every entry after [#follow] that is applied from now on.
  ///
  /// @param other must not block
  void alsoTell(Consumer<Applied> other) {
    others.add(other);
  }

  /// Folds what the log holds now.
  ///
  /// @throws LogException if the log cannot be read
  void catchUp() {
    long size = log.size();
    while (ledger.size() < size) {
      apply(log.read(ledger.size(), EventLog.MAX_READ_RECORDS));
    }
  }

  /// Starts to follow the log.
  void follow() {
    live = true;
    tailer.start();
  }

  /// Reads the ledger while nobody changes it.
  <T> T read(Function<Ledger, T> question) {
    lock.lock();
    try {
      return question.apply(ledger);
    } finally {
      lock.unlock();
    }
  }

  /// Why the fold has stopped for good, if it has.
  Optional<String> broken() {
    return Optional.ofNullable(broken);
  }

  /// Done, with the reason, when the fold has stopped for good.
  CompletableFuture<String> failed() {
    return failed;
  }

  /// Why statements cannot be recorded at present, if so: the fold has stopped, or the last append
  /// failed and the log has not moved since.
  Optional<String> trouble() {
    return broken().or(() -> Optional.ofNullable(away));
  }

  /// Waits until the fold has read what the log holds now: another relay may have written it. Does
  /// nothing when the log does not say how long it is.
  void refresh(Duration within) throws InterruptedException {
    long wanted;
    try {
      wanted = log.size();
    } catch (LogException e) {
      LOG.debug("the log does not say its size: {}", e.getMessage());
      return;
    }
    lock.lock();
    try {
      long nanos = within.toNanos();
      while (ledger.size() < wanted && nanos > 0) {
        nanos = moved.awaitNanos(nanos);
      }
    } finally {
      lock.unlock();
    }
  }

  /// Appends an event and waits until it is applied.
  ///
  /// @throws LogUnavailableException if it is not durable and applied in time; the message says
  ///   whether it may still come
  /// @throws InterruptedException if the wait is interrupted; the event may still come
  Applied record(byte[] event, Duration within) throws InterruptedException {
    LeafHash hash = LeafHash.of(event);
    CompletableFuture<Applied> applied = new CompletableFuture<>();
    waiting.put(hash, applied);
    try {
      // Asked after the waiter is known: whoever stops the fold after this ends its wait.
      requireFollowing();
      CompletableFuture<Long> _ =
          log.append(event)
              .whenComplete((_, failure) -> {
                away = failure instanceof LogUnavailableException ? failure.getMessage() : null;
                if (failure != null) {
                  applied.completeExceptionally(failure);
                }
              });
      return applied.get(within.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw LogUnavailableException.outcomeUnknown(
          "not applied within " + within.toSeconds() + " s", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof LogException known
          ? known
          : LogUnavailableException.outcomeUnknown("append failed: " + e.getCause(), e);
    } finally {
      waiting.remove(hash);
    }
  }

  private void requireFollowing() {
    String reason = broken;
    if (reason != null) {
      throw LogUnavailableException.nothingRecorded("the log cannot be followed: " + reason);
    }
    if (closed) {
      throw LogUnavailableException.nothingRecorded("the relay is stopping");
    }
  }

  private void tail() {
    try {
      while (!closed) {
        followOrPause();
      }
    } catch (LogCorruptedException e) {
      stop("the log is damaged: " + e.getMessage(), e);
    } catch (LogException e) {
      stop(String.valueOf(e.getMessage()), e);
    } catch (Throwable e) {
      // The top of the thread: an error, too, must not end the fold in silence.
      stop("a bug stopped the fold: " + e, e);
    }
  }

  private void followOrPause() {
    try (Tail tail = log.tail(ledger.size())) {
      while (!closed) {
        apply(tail.poll(POLL));
      }
    } catch (LogUnavailableException e) {
      LOG.warn("the log is away, trying again: {}", e.getMessage());
      pause();
    }
  }

  /// What a thread that works on this ledger may do until it is interrupted.
  interface Work {
    void run() throws InterruptedException;
  }

  /// The same work for the top of a thread: a bug in it stops the ledger, so that `/health` says so
  /// and the process ends, instead of deadlines that never fire.
  ///
  /// @param name of the thread
  Runnable orStop(String name, Work work) {
    return () -> {
      try {
        work.run();
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      } catch (Throwable e) {
        stop("a bug ended the " + name + ": " + e, e);
      }
    };
  }

  private void stop(String reason, Throwable cause) {
    broken = reason;
    failed.complete(reason);
    release("the log cannot be followed: " + reason);
    LOG.error("no further statement is taken: {}", reason, cause);
  }

  /// Ends every wait.
  private void release(String reason) {
    waiting
        .values()
        .forEach(waiter ->
            waiter.completeExceptionally(LogUnavailableException.outcomeUnknown(reason, null)));
  }

  private void pause() {
    try {
      Thread.sleep(PAUSE_AFTER_FAILURE);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      closed = true;
    }
  }

  private void apply(List<LogRecord> records) {
    for (Entry entry : entries(records)) {
      Applied applied;
      lock.lock();
      try {
        applied = ledger.apply(entry);
        moved.signalAll();
      } finally {
        lock.unlock();
      }
      listener.applied(applied, live);
      if (live) {
        away = null;
        others.forEach(other -> other.accept(applied));
        CompletableFuture<Applied> waiter = waiting.get(entry.hash());
        if (waiter != null) {
          waiter.complete(applied);
        }
      }
    }
  }

  private List<Entry> entries(List<LogRecord> records) {
    return (records.size() < PARALLEL_FROM ? records.stream() : records.parallelStream())
        .map(record -> reader.read(record.index(), record.value()))
        .toList();
  }

  /// Stops following, and ends every wait. The log stays open.
  @Override
  public void close() {
    closed = true;
    release("the relay is stopping");
    Threads.join(tailer);
  }
}
