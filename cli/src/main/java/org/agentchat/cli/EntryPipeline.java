package org.agentchat.cli;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.function.LongPredicate;
import org.agentchat.ledger.Entry;
import org.agentchat.ledger.EntryReader;
import org.agentchat.log.LogException;
import org.agentchat.log.LogRecord;
import org.agentchat.log.LogSource;
import org.jspecify.annotations.Nullable;

/// Reads a log ahead of whoever folds it: batches in order, each decoded and its signatures
/// verified by one of as many threads as there are cores. While one batch is folded the next ones
/// are being read; not many more than [#AHEAD] for each core, whatever the log's size.
///
/// The threads are its own: the common pool leaves one core to the thread that asks, which has the
/// fold to do. The asking thread waits for the others when they have more to do, and they for it,
/// so all cores are busy either way.
///
/// One thread asks, and closes.
final class EntryPipeline implements AutoCloseable {
  /// Entries that a thread reads at a time: as many as a published bundle holds, few enough that
  /// they are still in the cores' caches when they are folded.
  private static final int BATCH = 256;

  /// Entries that are asked of the source at a time.
  private static final int PAGE = 3 * BATCH;

  /// Batches for each core that are read or wait to be folded: one in work, and enough behind it
  /// that no core waits while the fold has its turn. 4 MiB of events each at the very most.
  private static final int AHEAD = 3;

  private static final int CORES = Runtime.getRuntime().availableProcessors();

  private final LogSource source;
  private final EntryReader reader;
  private final LongPredicate known;
  private final ForkJoinPool cores =
      new ForkJoinPool(CORES, ForkJoinPool.defaultForkJoinWorkerThreadFactory, null, true);
  private final Deque<ForkJoinTask<List<Entry>>> batches = new ArrayDeque<>();
  private long next;
  private boolean begun;
  private boolean ended;

  /// Why nothing more can be read; said once everything before it was handed over.
  private @Nullable RuntimeException failure;

  /// @param from index of the first entry
  /// @param known which entries, by index, are taken without a look at their signatures
  EntryPipeline(LogSource source, EntryReader reader, long from, LongPredicate known) {
    this.source = source;
    this.reader = reader;
    this.known = known;
    this.next = from;
  }

  /// The next entries, in order; empty at the end of the log.
  ///
  /// @throws LogException as the source throws it, once what came before it was handed over
  /// @throws CommandFailure the same, where the source is a server
  List<Entry> next() {
    fill();
    ForkJoinTask<List<Entry>> first = batches.pollFirst();
    if (first == null && failure != null) {
      throw failure;
    }
    return first == null ? List.of() : first.join();
  }

  private void fill() {
    while (!ended && batches.size() < (begun ? AHEAD * CORES : 1)) {
      List<LogRecord> page = page();
      if (page.isEmpty()) {
        ended = true;
        return;
      }
      next = page.getLast().index() + 1;
      for (int from = 0; from < page.size(); from += BATCH) {
        List<LogRecord> batch = page.subList(from, Math.min(from + BATCH, page.size()));
        batches.add(cores.submit(() -> batch.stream().map(this::entry).toList()));
      }
    }
    begun = true;
  }

  /// The first entry comes alone: it names the log, and what its reader knows of that log may
  /// decide which signatures need a look.
  private List<LogRecord> page() {
    try {
      return source.read(next, begun ? PAGE : 1);
    } catch (LogException | CommandFailure e) {
      failure = e;
      return List.of();
    }
  }

  private Entry entry(LogRecord record) {
    return known.test(record.index())
        ? reader.readUnverified(record.index(), record.value())
        : reader.read(record.index(), record.value());
  }

  /// Ends the threads; what they have read is lost.
  @Override
  public void close() {
    cores.shutdownNow();
  }
}
