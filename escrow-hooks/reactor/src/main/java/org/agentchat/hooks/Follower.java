package org.agentchat.hooks;

import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Consumer;
import org.agentchat.ledger.Entry;
import org.agentchat.ledger.EntryReader;
import org.agentchat.log.BackOff;
import org.agentchat.log.LogRecord;
import org.agentchat.log.LogSource;
import org.agentchat.log.LogUnavailableException;
import org.agentchat.log.ReadAhead;
import org.jspecify.annotations.Nullable;

/// The one thread that turns the log into intents. It folds the log from its first entry, makes
/// sure that it is the one that was planned from before, lets the hooks begin, and plans on from
/// where they are. When the database or the log is away it tries again; when the log is not what it
/// was it stops.
final class Follower implements AutoCloseable {
  /// How long one look at the log waits; also how often the log's size is asked.
  private static final Duration LOOK = Duration.ofSeconds(1);

  /// How often the outbox is told that the reactor is alive.
  private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(10);

  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

  private final Outbox outbox;
  private final LogSource log;
  private final EntryReader reader;
  private final List<Hook> hooks;
  private final Fold fold;
  private final Progress progress;
  private final InstantSource clock;
  private final Consumer<Step> steps;
  private final ReactorMetrics metrics;
  private final Begin begin;
  private final Runnable planned;
  private final ForkJoinPool cores = new ForkJoinPool();
  private final Thread thread;
  private volatile @Nullable ReadAhead<Entry> feed;
  private volatile boolean closing;
  private long read;
  private long logSize;
  private long sizeAskedAt;
  private long seenAt;

  /// What comes once the log is known to be the right one: the hooks begin.
  @FunctionalInterface
  interface Begin {
    void run() throws SQLException;
  }

  /// @param planned told whenever there are new intents
  Follower(
      Outbox outbox,
      LogSource log,
      EntryReader reader,
      List<Hook> hooks,
      Fold fold,
      Progress progress,
      InstantSource clock,
      Consumer<Step> steps,
      ReactorMetrics metrics,
      Begin begin,
      Runnable planned) {
    this.outbox = outbox;
    this.log = log;
    this.reader = reader;
    this.hooks = hooks;
    this.fold = fold;
    this.progress = progress;
    this.clock = clock;
    this.steps = steps;
    this.metrics = metrics;
    this.begin = begin;
    this.planned = planned;
    this.thread = Thread.ofPlatform().name("hooks-follower").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  private void run() {
    try {
      ReadPosition stored = retry(Health.Status.DATABASE_AWAY, this::open);
      long size = retry(Health.Status.LOG_AWAY, log::size);
      requireLongEnough(stored, size);
      retry(Health.Status.DATABASE_AWAY, () -> register(size));
      follow(stored);
      progress.stopped(null);
    } catch (InterruptedException _) {
      progress.stopped(null);
    } catch (RuntimeException | Error e) {
      progress.stopped(closing ? null : e);
    }
  }

  private ReadPosition open() throws SQLException {
    outbox.migrate();
    return outbox.position();
  }

  private static void requireLongEnough(ReadPosition stored, long size) {
    if (size < stored.size()) {
      throw LogReplacedException.shorter(stored.size(), size);
    }
  }

  private Fold register(long size) throws SQLException {
    outbox.register(hooks, size);
    fold.planFrom(outbox.hooks());
    return fold;
  }

  /// Nothing is planned and nothing done before the fold has come to the stored position and found
  /// the same entries there. A new hook that begins earlier makes it begin anew.
  private void follow(ReadPosition stored) throws InterruptedException {
    boolean again;
    try (ReadAhead<Entry> feed = feed()) {
      List<Entry> rest = foldTo(stored, feed);
      read = stored.size();
      again = fold.isBehind();
      retry(Health.Status.DATABASE_AWAY, this::begun);
      if (!again) {
        plan(rest);
        planOn(feed);
      }
    }
    if (again && !closing) {
      fold.restart();
      try (ReadAhead<Entry> feed = feed()) {
        planOn(feed);
      }
    }
  }

  private ReadAhead<Entry> feed() throws InterruptedException {
    ReadAhead<Entry> opened =
        retry(Health.Status.LOG_AWAY, () -> new ReadAhead<>(log.tail(0), this::entry, cores));
    feed = opened;
    return opened;
  }

  private Entry entry(LogRecord record) {
    return reader.read(record.index(), record.value());
  }

  /// @return entries behind the stored position that were read already
  private List<Entry> foldTo(ReadPosition stored, ReadAhead<Entry> feed)
      throws InterruptedException {
    List<Entry> rest = List.of();
    while (!closing && fold.position().size() < stored.size()) {
      List<Entry> entries = retry(Health.Status.LOG_AWAY, () -> feed.next(LOOK));
      long wanted = stored.size() - fold.position().size();
      int known = (int) Math.min(wanted, entries.size());
      entries.subList(0, known).forEach(fold::apply);
      rest = entries.subList(known, entries.size());
      progress.moved(fold.position().size(), stored.size());
      askSize();
    }
    ReadPosition found = fold.position();
    if (found.size() == stored.size() && !found.rootHash().equals(stored.rootHash())) {
      throw LogReplacedException.different(stored, found.rootHash());
    }
    return rest;
  }

  private Begin begun() throws SQLException {
    begin.run();
    return begin;
  }

  private void planOn(ReadAhead<Entry> feed) throws InterruptedException {
    while (!closing) {
      List<Entry> entries = retry(Health.Status.LOG_AWAY, () -> feed.next(LOOK));
      plan(entries);
      askSize();
      giveSignOfLife();
    }
  }

  private void plan(List<Entry> entries) throws InterruptedException {
    int done = 0;
    while (done < entries.size() && !closing) {
      Fold.Planned some = fold.plan(entries.subList(done, entries.size()));
      steps.accept(Step.PLANNED);
      int added =
          retry(Health.Status.DATABASE_AWAY, () -> outbox.record(some.plans(), clock.instant()));
      steps.accept(Step.RECORDED);
      done += some.entries();
      read = Math.max(read, some.plans().to().size());
      metrics.planned(added);
      if (added > 0) {
        planned.run();
      }
      progress.moved(fold.position().size(), read);
    }
  }

  /// Asked by this thread and at most once a look, so that nobody's questions load the log.
  private void askSize() {
    long now = System.nanoTime();
    if (sizeAskedAt != 0 && now - sizeAskedAt < LOOK.toNanos()) {
      return;
    }
    sizeAskedAt = now;
    try {
      logSize = log.size();
      long folded = fold.position().size();
      if (logSize < folded) {
        throw LogReplacedException.shorter(folded, logSize);
      }
      progress.logHas(logSize);
    } catch (LogUnavailableException e) {
      logAway(e);
    }
  }

  /// When the database is away, others say so; the sign is given later.
  private void giveSignOfLife() {
    long now = System.nanoTime();
    if (seenAt != 0 && now - seenAt < SIGN_OF_LIFE.toNanos()) {
      return;
    }
    seenAt = now;
    try {
      outbox.seen(logSize, clock.instant());
      progress.clear(Health.Status.DATABASE_AWAY);
    } catch (SQLException e) {
      databaseAway(e);
    }
  }

  @FunctionalInterface
  private interface Attempt<T> {
    T run() throws SQLException;
  }

  /// Tries until it works; the reason of the last failure is there to be read meanwhile.
  private <T> T retry(Health.Status status, Attempt<T> attempt) throws InterruptedException {
    BackOff backOff = new BackOff();
    while (true) {
      try {
        T result = attempt.run();
        if (status == Health.Status.DATABASE_AWAY) {
          progress.clear(status);
        }
        return result;
      } catch (SQLException e) {
        databaseAway(e);
      } catch (LogUnavailableException e) {
        logAway(e);
      }
      backOff.pause();
    }
  }

  private void databaseAway(SQLException e) {
    progress.trouble(
        Health.Status.DATABASE_AWAY, "the database does not answer or refuses: " + e.getMessage());
  }

  private void logAway(LogUnavailableException e) {
    progress.trouble(Health.Status.LOG_AWAY, "the log does not answer: " + e.getMessage());
  }

  /// Stops the thread between two transactions.
  @Override
  public void close() {
    closing = true;
    ReadAhead<Entry> following = feed;
    if (following != null) {
      following.close();
    }
    thread.interrupt();
    try {
      if (thread.getState() != Thread.State.NEW) {
        thread.join(STOP_TIMEOUT);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    cores.close();
  }
}
