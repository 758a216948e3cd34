package org.agentchat.ledger.server;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;
import org.agentchat.ledger.Entry;
import org.agentchat.ledger.EntryReader;
import org.agentchat.log.BackOff;
import org.agentchat.log.LogRecord;
import org.agentchat.log.LogSource;
import org.agentchat.log.LogUnavailableException;
import org.agentchat.log.ReadAhead;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.AgentKey;
import org.jspecify.annotations.Nullable;

/// The one thread that turns the log into rows. It rebuilds the fold from the first entry, checks
/// on the way that the rows were made from this log, and goes on from where they are. When the
/// database or the log is away it tries again; when the log is not what it was it stops.
final class Projector implements AutoCloseable {
  /// How long one look at the log waits; also how often the log's size is asked.
  private static final Duration LOOK = Duration.ofSeconds(1);

  /// Rest after a batch of few entries. A look at the log, a transaction and a commit cost as much
  /// for one entry as for a hundred; rows that are so much later are still fresh to a reader.
  private static final Duration REST = Duration.ofMillis(20);

  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

  private final Store store;
  private final LogSource log;
  private final EntryReader reader;
  private final LedgerMetrics metrics;
  private final Progress progress = new Progress();
  private final ForkJoinPool cores = new ForkJoinPool();
  private final Thread thread;
  private final boolean rebuild;
  private final Optional<RatingsCommitter> committer;
  private volatile @Nullable Projection projection;
  private volatile @Nullable ReadAhead<Entry> feed;
  private volatile boolean closing;
  private long sizeAskedAt;

  /// @param rebuild drop the rows first
  /// @param committer told when the fold has read all of the log
  Projector(
      Store store,
      LogSource log,
      EntryReader reader,
      LedgerMetrics metrics,
      boolean rebuild,
      Optional<RatingsCommitter> committer) {
    this.store = store;
    this.log = log;
    this.reader = reader;
    this.metrics = metrics;
    this.rebuild = rebuild;
    this.committer = committer;
    this.thread = Thread.ofPlatform().name("projector").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  Progress progress() {
    return progress;
  }

  /// Where the rows are, or empty before the database has answered once.
  Optional<Position> position() {
    return Optional.ofNullable(projection).map(Projection::committed);
  }

  /// The numbers, or empty while the fold is not where the rows are.
  Optional<Stats> stats() {
    return Optional.ofNullable(projection).flatMap(Projection::stats);
  }

  /// What a certificate of this agent is made of, or empty before ratings were committed to.
  ///
  /// @param signer the key with which that was done
  Optional<Projection.Committed> committed(AgentKey signer, AgentId agent) {
    return Optional.ofNullable(projection).flatMap(opened -> opened.committed(signer, agent));
  }

  private void run() {
    try {
      Projection opened = retry(Health.Status.DATABASE_AWAY, this::open);
      retry(Health.Status.LOG_AWAY, () -> requireLongEnough(opened));
      follow(opened);
      progress.stopped(null);
    } catch (InterruptedException _) {
      progress.stopped(null);
    } catch (RuntimeException | Error e) {
      progress.stopped(closing ? null : e);
    }
  }

  private Projection open() throws SQLException {
    if (rebuild && projection == null) {
      store.dropAll();
    }
    store.migrate();
    Position stored = store.position();
    Projection opened = new Projection(store, stored, metrics::applied);
    projection = opened;
    progress.moved(0, stored.size());
    return opened;
  }

  private Projection requireLongEnough(Projection opened) {
    long size = log.size();
    long rows = opened.committed().size();
    if (size < rows) {
      throw LogReplacedException.shorter(rows, size);
    }
    progress.logHas(size);
    return opened;
  }

  private void follow(Projection opened) throws InterruptedException {
    try (ReadAhead<Entry> following =
        retry(Health.Status.LOG_AWAY, () -> new ReadAhead<>(log.tail(0), this::read, cores))) {
      feed = following;
      while (!closing) {
        List<Entry> entries = retry(Health.Status.LOG_AWAY, () -> following.next(LOOK));
        if (!entries.isEmpty()) {
          project(opened, entries);
          if (entries.size() < ReadAhead.MANY) {
            Thread.sleep(REST);
          }
        }
        askSize(opened);
        if (entries.size() < ReadAhead.MANY && opened.isWritten()) {
          committer.ifPresent(waiting -> opened.show(waiting::look));
        }
      }
    }
  }

  private Entry read(LogRecord record) {
    return reader.read(record.index(), record.value());
  }

  private void project(Projection opened, List<Entry> entries) throws InterruptedException {
    long first = entries.getFirst().index();
    long end = first + entries.size();
    while (opened.folded() < end) {
      long start = System.nanoTime();
      int done = (int) Math.max(0, opened.folded() - first);
      try {
        opened.apply(entries.subList(done, entries.size()));
      } catch (SQLException e) {
        databaseAway(e);
        retry(Health.Status.DATABASE_AWAY, () -> committed(opened));
      }
      metrics.batch(Duration.ofNanos(System.nanoTime() - start));
      progress.moved(opened.folded(), opened.committed().size());
    }
  }

  private static Projection committed(Projection opened) throws SQLException {
    opened.commit();
    return opened;
  }

  /// Asked by this thread and at most once a look, so that nobody's questions load the log.
  private void askSize(Projection opened) {
    long now = System.nanoTime();
    if (sizeAskedAt != 0 && now - sizeAskedAt < LOOK.toNanos()) {
      return;
    }
    sizeAskedAt = now;
    try {
      long size = log.size();
      if (size < opened.folded()) {
        throw LogReplacedException.shorter(opened.folded(), size);
      }
      progress.logHas(size);
    } catch (LogUnavailableException e) {
      logAway(e);
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

  /// Stops the thread between two batches.
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
