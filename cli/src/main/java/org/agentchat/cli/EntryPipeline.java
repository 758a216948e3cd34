package org.agentchat.cli;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import org.agentchat.ledger.Entry;
import org.agentchat.ledger.EntryReader;
import org.agentchat.log.LogException;
import org.agentchat.log.LogRecord;
import org.agentchat.log.LogSource;
import org.jspecify.annotations.Nullable;

/// Reads a log ahead of whoever folds it: pages in order, their signatures on all cores. While one
/// page is folded the next ones are being read; not more than [#AHEAD], whatever the log's size.
///
/// One thread asks.
final class EntryPipeline {
  /// Pages that are read or wait to be folded: enough to keep the cores busy while the fold has its
  /// turn, 16 MiB of events at the most.
  private static final int AHEAD = 4;

  private final LogSource source;
  private final EntryReader reader;
  private final long trusted;
  private final ForkJoinPool cores = ForkJoinPool.commonPool();
  private final Deque<ForkJoinTask<List<Entry>>> pages = new ArrayDeque<>();
  private long next;
  private boolean ended;

  /// Why nothing more can be read; said once everything before it was handed over.
  private @Nullable LogException failure;

  /// @param from index of the first entry
  /// @param trusted entries below this index are taken without a look at their signatures
  EntryPipeline(LogSource source, EntryReader reader, long from, long trusted) {
    this.source = source;
    this.reader = reader;
    this.trusted = trusted;
    this.next = from;
  }

  /// The next entries, in order; empty at the end of the log.
  ///
  /// @throws org.agentchat.log.LogException as the source throws it, once what came before it was
  ///   handed over
  List<Entry> next() {
    fill();
    ForkJoinTask<List<Entry>> first = pages.pollFirst();
    if (first == null && failure != null) {
      throw failure;
    }
    return first == null ? List.of() : first.join();
  }

  private void fill() {
    while (!ended && pages.size() < AHEAD) {
      List<LogRecord> page = page();
      if (page.isEmpty()) {
        ended = true;
        return;
      }
      next = page.getLast().index() + 1;
      pages.add(cores.submit(() -> page.parallelStream().map(this::entry).toList()));
    }
  }

  private List<LogRecord> page() {
    try {
      return source.read(next, LogSource.MAX_READ_RECORDS);
    } catch (LogException e) {
      failure = e;
      return List.of();
    }
  }

  private Entry entry(LogRecord record) {
    return record.index() < trusted
        ? reader.readUnverified(record.index(), record.value())
        : reader.read(record.index(), record.value());
  }
}
