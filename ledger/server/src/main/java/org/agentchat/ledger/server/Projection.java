package org.agentchat.ledger.server;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.agentchat.ledger.Applied;
import org.agentchat.ledger.CommittedRatings;
import org.agentchat.ledger.Entry;
import org.agentchat.ledger.Ledger;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.AgentKey;
import org.jspecify.annotations.Nullable;

/// The fold and its rows, kept together: one lock covers applying entries and committing what they
/// changed, so that whoever reads the fold sees exactly what the rows say.
final class Projection {
  /// Numbers are served again, though the log has grown, for this many times as long as they took
  /// to count: asking for them can slow the projector by a tenth at most.
  private static final int REUSE_FACTOR = 10;

  private record Counted(Stats stats, long until) {}

  private final ReentrantLock lock = new ReentrantLock();
  private final Ledger ledger = new Ledger();
  private final Tally tally = new Tally();
  private final Store store;
  private final Position stored;
  private final Consumer<Applied> applied;
  private volatile Position committed;
  private @Nullable Batch unwritten;
  private @Nullable Counted counted;

  /// @param stored where the rows are; entries before that are only folded
  /// @param applied told of each entry that changes rows
  Projection(Store store, Position stored, Consumer<Applied> applied) {
    this.store = store;
    this.stored = stored;
    this.committed = stored;
    this.applied = applied;
  }

  /// The ratings that a ledger has committed to last, and the account that a name leads to.
  record Committed(CommittedRatings ratings, AgentId account) {}

  /// What certificates are made of; empty before the first commitment with this key.
  Optional<Committed> committed(AgentKey signer, AgentId agent) {
    lock.lock();
    try {
      return ledger
          .committedRatings(signer)
          .map(ratings -> new Committed(ratings, ledger.owner(agent)));
    } finally {
      lock.unlock();
    }
  }

  /// Whether the rows are where the fold is: then the log was read as far as it went.
  boolean isWritten() {
    lock.lock();
    try {
      return ledger.size() == committed.size();
    } finally {
      lock.unlock();
    }
  }

  /// Lets somebody look at the fold, between two entries.
  void show(Consumer<Ledger> looker) {
    lock.lock();
    try {
      looker.accept(ledger);
    } finally {
      lock.unlock();
    }
  }

  /// Where the rows are.
  Position committed() {
    return committed;
  }

  /// How many entries were folded.
  long folded() {
    lock.lock();
    try {
      return ledger.size();
    } finally {
      lock.unlock();
    }
  }

  /// Applies entries, as many as make one batch, and commits their rows.
  ///
  /// @return how many were applied
  /// @throws SQLException when the rows could not be written: [#commit] tries again
  /// @throws LogReplacedException when the entries are not those that the rows were made from
  int apply(List<Entry> entries) throws SQLException {
    lock.lock();
    try {
      RowCollector rows = new RowCollector(Math.max(ledger.size(), stored.size()));
      int done = 0;
      while (done < entries.size() && !rows.isFull()) {
        apply(entries.get(done), rows);
        done++;
      }
      if (ledger.size() > stored.size()) {
        unwritten = rows.batch(ledger, position());
        commit();
      }
      return done;
    } finally {
      lock.unlock();
    }
  }

  private void apply(Entry entry, RowCollector rows) {
    Applied result = ledger.apply(entry);
    tally.add(result);
    if (entry.index() >= stored.size()) {
      rows.add(result);
      applied.accept(result);
    } else if (ledger.size() == stored.size() && !ledger.rootHash().equals(stored.rootHash())) {
      throw LogReplacedException.different(stored, ledger.rootHash());
    }
  }

  private Position position() {
    return new Position(
        ledger.size(), ledger.rootHash(), ledger.origin().orElse(null), ledger.clock());
  }

  /// Writes what is not written yet.
  ///
  /// @throws SQLException when that failed again
  void commit() throws SQLException {
    lock.lock();
    try {
      Batch batch = unwritten;
      if (batch != null) {
        store.write(batch);
        unwritten = null;
        committed = batch.to();
      }
    } finally {
      lock.unlock();
    }
  }

  /// The numbers, or empty while the fold is not where the rows are: it is still being rebuilt, the
  /// database is away, or the log turned out to be another one.
  Optional<Stats> stats() {
    lock.lock();
    try {
      if (!position().equals(committed)) {
        return Optional.empty();
      }
      Counted last = counted;
      long start = System.nanoTime();
      if (last != null && (last.stats().size() == ledger.size() || start - last.until() < 0)) {
        return Optional.of(last.stats());
      }
      Stats stats = Stats.of(ledger, tally);
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      counted = new Counted(stats, start + took.multipliedBy(REUSE_FACTOR).toNanos());
      return Optional.of(stats);
    } finally {
      lock.unlock();
    }
  }
}
