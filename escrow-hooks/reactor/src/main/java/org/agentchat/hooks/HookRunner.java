package org.agentchat.hooks;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.agentchat.log.BackOff;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Works off the intents of one hook: the oldest of each lane first, so many lanes at once as the
/// hook may, each attempt on a virtual thread. Whatever its handler does or suffers, other hooks do
/// not notice.
final class HookRunner implements AutoCloseable {
  /// How long nobody looks for what is due when nothing wakes it; also how soon an operator's
  /// change in the database is seen.
  private static final Duration LOOK = Duration.ofSeconds(1);

  /// How often what was done long ago is forgotten.
  private static final Duration FORGET_EVERY = Duration.ofMinutes(10);

  /// How long attempts under way may go on when the reactor stops, before they are interrupted.
  private static final Duration GRACE = Duration.ofSeconds(3);

  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);
  private static final Logger log = LoggerFactory.getLogger(HookRunner.class);

  private final Hook hook;
  private final Outbox outbox;
  private final Progress progress;
  private final ReactorMetrics metrics;
  private final InstantSource clock;
  private final Consumer<Step> steps;

  /// Lanes with an attempt under way, each with its thread.
  private final ConcurrentHashMap<String, Thread> busy = new ConcurrentHashMap<>();

  /// Has a permit when something may have become due.
  private final Semaphore news = new Semaphore(0);

  private final StuckIntents stuck = new StuckIntents();
  private final Thread thread;
  private volatile boolean waking;
  private volatile boolean closing;
  private long forgotAt = System.nanoTime();

  HookRunner(
      Hook hook,
      Outbox outbox,
      Progress progress,
      ReactorMetrics metrics,
      InstantSource clock,
      Consumer<Step> steps) {
    this.hook = hook;
    this.outbox = outbox;
    this.progress = progress;
    this.metrics = metrics;
    this.clock = clock;
    this.steps = steps;
    this.thread = Thread.ofVirtual().name("hook-" + hook.name()).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /// Something new was planned.
  void look() {
    news.release();
  }

  /// Whatever waits is looked at again.
  void wake() {
    waking = true;
    news.release();
  }

  private void run() {
    try {
      while (!closing && !progress.stopped().isDone()) {
        try {
          startDue();
          forget();
        } catch (SQLException e) {
          databaseAway(e);
        }
        boolean _ = news.tryAcquire(LOOK.toMillis(), TimeUnit.MILLISECONDS);
        news.drainPermits();
      }
    } catch (InterruptedException _) {
      // The reactor stops.
    } catch (RuntimeException | Error e) {
      progress.stopped(closing ? null : e);
    }
  }

  private void startDue() throws SQLException {
    Instant now = clock.instant();
    if (waking) {
      waking = false;
      outbox.wake(hook.name(), now);
    }
    Set<String> atWork = new HashSet<>(busy.keySet());
    int free = hook.concurrency() - atWork.size();
    if (free <= 0) {
      return;
    }
    List<Intent> due = outbox.due(hook.name(), now, free + atWork.size());
    due.stream().filter(intent -> !atWork.contains(intent.lane())).limit(free).forEach(this::start);
  }

  private void start(Intent intent) {
    Thread attempt =
        Thread.ofVirtual()
            .name("hook-" + hook.name() + "-" + intent.id())
            .unstarted(() -> attempt(intent));
    busy.put(intent.lane(), attempt);
    attempt.start();
  }

  private void attempt(Intent intent) {
    try {
      long start = System.nanoTime();
      steps.accept(Step.ATTEMPTING);
      Outcome outcome = outcome(intent);
      steps.accept(Step.ATTEMPTED);
      metrics.attempted(hook.name(), outcome, Duration.ofNanos(System.nanoTime() - start));
      say(intent, outcome);
      end(intent, outcome);
      steps.accept(Step.ENDED);
    } catch (InterruptedException _) {
      // The reactor stops; the intent is still open.
    } catch (Error e) {
      progress.stopped(closing ? null : e);
    } finally {
      busy.remove(intent.lane());
      news.release();
    }
  }

  private Outcome outcome(Intent intent) throws InterruptedException {
    BackOff backOff = new BackOff();
    while (true) {
      try {
        return hook.handler().attempt(intent);
      } catch (SQLException e) {
        databaseAway(e);
      } catch (RuntimeException e) {
        log.error("hook {}: a fault of its handler at intent {}", hook.name(), intent.id(), e);
        return RetrySchedule.DEFAULT.failed(
            intent,
            "a fault of the handler, see the log: " + Excerpt.of(e.toString()),
            Duration.ZERO,
            clock.instant(),
            RandomGenerator.getDefault());
      }
      backOff.pause();
    }
  }

  /// Everything but success is said once an attempt, with what an operator needs to find it.
  private void say(Intent intent, Outcome outcome) {
    boolean told = stuck.isTold(intent.id(), outcome);
    switch (outcome) {
      case Outcome.Done done ->
          log.debug("hook {}: intent {} is done: {}", hook.name(), intent.id(), done.note());
      case Outcome.Waiting waiting ->
          log.debug("hook {}: intent {} waits: {}", hook.name(), intent.id(), waiting.note());
      case Outcome.Stuck stuck -> {
        if (!told) {
          log.warn(
              "hook {}: intent {} ({}, {}) cannot go on until somebody does something, others may"
                  + " be the same: {}",
              hook.name(),
              intent.id(),
              intent.event(),
              intent.lane(),
              stuck.note());
        }
      }
      case Outcome.Retry retry ->
          log.warn(
              "hook {}: intent {} ({}, {}) failed and is tried again at {}: {}",
              hook.name(),
              intent.id(),
              intent.event(),
              intent.lane(),
              retry.at(),
              retry.note());
      case Outcome.Dead dead ->
          log.error(
              "hook {}: intent {} ({}, {}) is a dead letter now, 'agentchat hooks retry {}' revives"
                  + " it: {}",
              hook.name(),
              intent.id(),
              intent.event(),
              intent.lane(),
              intent.id(),
              dead.note());
      case Outcome.Disabled disabled ->
          log.error(
              "hook {} is disabled, 'agentchat hooks retry --all --hook {}' enables it: {}",
              hook.name(),
              hook.name(),
              disabled.note());
    }
  }

  /// Records the outcome, however long that takes: until then the lane waits.
  private void end(Intent intent, Outcome outcome) throws InterruptedException {
    BackOff backOff = new BackOff();
    boolean ended = false;
    while (!ended) {
      try {
        outbox.end(intent, outcome, clock.instant());
        ended = true;
      } catch (SQLException e) {
        databaseAway(e);
        backOff.pause();
      }
    }
  }

  private void forget() throws SQLException {
    long now = System.nanoTime();
    if (hook.handler().retention().isEmpty() || now - forgotAt < FORGET_EVERY.toNanos()) {
      return;
    }
    Instant before = clock.instant().minus(hook.handler().retention().get());
    if (outbox.forget(hook.name(), before) == 0) {
      forgotAt = now;
    }
  }

  private void databaseAway(SQLException e) {
    progress.trouble(
        Health.Status.DATABASE_AWAY, "the database does not answer or refuses: " + e.getMessage());
  }

  /// Begins nothing more, and lets what is under way end, for a bounded time.
  @Override
  public void close() {
    closing = true;
    thread.interrupt();
    try {
      if (thread.getState() != Thread.State.NEW) {
        thread.join(STOP_TIMEOUT);
      }
      join(GRACE);
      busy.values().forEach(Thread::interrupt);
      join(STOP_TIMEOUT);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void join(Duration within) throws InterruptedException {
    long deadline = System.nanoTime() + within.toNanos();
    for (Thread attempt : List.copyOf(busy.values())) {
      boolean _ = attempt.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
    }
  }
}
