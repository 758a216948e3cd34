package org.agentchat.ledger.server;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import org.agentchat.ledger.Entry;
import org.agentchat.ledger.EntryReader;
import org.agentchat.log.LogException;
import org.agentchat.log.LogRecord;
import org.agentchat.log.LogSource;
import org.agentchat.log.Tail;
import org.jspecify.annotations.Nullable;

/// Records of a tail as entries, in order. When many wait, they are read on all cores, the next
/// ones while the caller applies the last; when few come, they are handed over at once.
///
/// One thread asks. Closing, from any thread, ends a wait.
final class EntryFeed implements AutoCloseable {
  /// Most entries at once: SQLite writes 2,000 a batch nearly twice as fast as 500, and what comes
  /// after that is little.
  static final int MAX_ENTRIES = 4_000;

  /// Most bytes of records at once, unless one poll alone brings more.
  static final long MAX_BYTES = 8L * 1024 * 1024;

  /// From this many records on it is catching up: more are waiting, and the cores are worth it.
  static final int MANY = 64;

  private final Tail tail;
  private final EntryReader reader;
  private final ForkJoinPool cores;
  private @Nullable ForkJoinTask<List<Entry>> ahead;
  private @Nullable LogException failure;

  /// @param tail is closed with the feed
  /// @param cores stays its owner's
  EntryFeed(Tail tail, EntryReader reader, ForkJoinPool cores) {
    this.tail = tail;
    this.reader = reader;
    this.cores = cores;
  }

  /// The next entries; empty when none came in time.
  ///
  /// @throws LogException as the tail throws it, once what came before it has been handed over
  List<Entry> next(Duration wait) {
    ForkJoinTask<List<Entry>> ready = ahead;
    ahead = null;
    if (ready == null) {
      List<LogRecord> records = gather(wait);
      if (records.isEmpty()) {
        rethrow();
      }
      if (records.size() < MANY) {
        return records.stream().map(this::read).toList();
      }
      ready = readOnAllCores(records);
    }
    readAhead();
    return ready.join();
  }

  private void readAhead() {
    List<LogRecord> more = gather(Duration.ZERO);
    if (!more.isEmpty()) {
      ahead = readOnAllCores(more);
    }
  }

  private ForkJoinTask<List<Entry>> readOnAllCores(List<LogRecord> records) {
    return cores.submit(() -> records.parallelStream().map(this::read).toList());
  }

  /// Polls until little is left, or enough is there. A failure after the first records waits until
  /// those are handed over.
  private List<LogRecord> gather(Duration wait) {
    List<LogRecord> all = new ArrayList<>();
    long bytes = 0;
    if (failure != null) {
      return all;
    }
    try {
      List<LogRecord> some = tail.poll(wait);
      while (!some.isEmpty()) {
        all.addAll(some);
        bytes += some.stream().mapToLong(record -> record.value().length).sum();
        boolean more =
            some.size() >= MANY
                && all.size() + LogSource.MAX_READ_RECORDS <= MAX_ENTRIES
                && bytes < MAX_BYTES;
        some = more ? tail.poll(Duration.ZERO) : List.of();
      }
    } catch (LogException e) {
      failure = e;
    }
    return all;
  }

  private void rethrow() {
    LogException failed = failure;
    failure = null;
    if (failed != null) {
      throw failed;
    }
  }

  private Entry read(LogRecord record) {
    return reader.read(record.index(), record.value());
  }

  @Override
  public void close() {
    tail.close();
  }
}
