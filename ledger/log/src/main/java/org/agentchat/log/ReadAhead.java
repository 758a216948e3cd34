package org.agentchat.log;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Records of a tail, read into something else, in order. When many wait, they are read on all
/// cores, the next ones while the caller works on the last; when few come, they are handed over at
/// once.
///
/// One thread asks. Closing, from any thread, ends a wait.
///
/// @param <T> what a record is read into
public final class ReadAhead<T> implements AutoCloseable {
  /// Most items at once: SQLite writes 2,000 a batch nearly twice as fast as 500, and what comes
  /// after that is little.
  public static final int MAX_ITEMS = 4_000;

  /// Most bytes of records at once, unless one poll alone brings more.
  private static final long MAX_BYTES = 8L * 1024 * 1024;

  /// From this many records on it is catching up: more are waiting, and the cores are worth it.
  public static final int MANY = 64;

  private final Tail tail;
  private final Function<LogRecord, T> reader;
  private final ForkJoinPool cores;
  private @Nullable ForkJoinTask<List<T>> ahead;
  private @Nullable LogException failure;

  /// @param tail is closed with this
  /// @param reader called on any of the cores
  /// @param cores stays its owner's
  public ReadAhead(Tail tail, Function<LogRecord, T> reader, ForkJoinPool cores) {
    this.tail = tail;
    this.reader = reader;
    this.cores = cores;
  }

  /// The next items; empty when none came in time.
  ///
  /// @throws LogException as the tail throws it, once what came before it has been handed over
  public List<T> next(Duration wait) {
    ForkJoinTask<List<T>> ready = ahead;
    ahead = null;
    if (ready == null) {
      List<LogRecord> records = gather(wait);
      if (records.isEmpty()) {
        rethrow();
      }
      if (records.size() < MANY) {
        return records.stream().map(reader).toList();
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

  private ForkJoinTask<List<T>> readOnAllCores(List<LogRecord> records) {
    return cores.submit(() -> records.parallelStream().map(reader).toList());
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
                && all.size() + LogSource.MAX_READ_RECORDS <= MAX_ITEMS
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

  @Override
  public void close() {
    tail.close();
  }
}
