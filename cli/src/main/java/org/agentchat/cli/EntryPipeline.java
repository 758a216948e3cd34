package org.agentchat.cli;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.agentchat.ledger.Entry;
import org.agentchat.ledger.EntryReader;
import org.agentchat.log.LogException;
import org.agentchat.log.LogFinding;
import org.agentchat.log.LogRecord;
import org.agentchat.log.LogSource;
import org.jspecify.annotations.Nullable;

/// Reads a log ahead of whoever folds it: batches in order, each decoded and its signatures
/// verified by one of as many threads as there are cores. While one batch is folded the next ones
/// are being read; not many more than [#AHEAD] for each core, whatever the log's size.
///
/// Those threads are its own: the common pool leaves one core to the thread that asks, which has
/// the fold to do. The asking thread waits for the others when they have more to do, and they for
/// it, so all cores are busy either way.
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

  /// Reads ahead by one page. Among the others it would wait for its turn behind batches that are
  /// many times its own work, and when it came they would be done, with nothing to do.
  private final ExecutorService pages =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("pages").factory());

  private final Supplier<Stream<LogFinding>> findings;
  private final Consumer<LogFinding> told;
  private final Deque<Reading> readings = new ArrayDeque<>();
  private CompletableFuture<Page> page;
  private boolean begun;

  private record Reading(Stream<LogFinding> findings, ForkJoinTask<List<Entry>> entries) {}

  /// What the source gave; nothing at its end, and where it failed.
  private record Page(
      Stream<LogFinding> findings, List<LogRecord> records, @Nullable Throwable failure) {
    long next() {
      return records.getLast().index() + 1;
    }
  }

  /// Of a source that throws what it has to say.
  ///
  /// @param from index of the first entry
  /// @param known which entries, by index, are taken without a look at their signatures
  EntryPipeline(LogSource source, EntryReader reader, long from, LongPredicate known) {
    this(source, Stream::of, _ -> {}, reader, from, known);
  }

  /// @param findings asked, on the thread that reads and after each page, what the source noticed
  /// @param told of it on the thread that asks, before it has the entries of that page
  EntryPipeline(
      LogSource source,
      Supplier<Stream<LogFinding>> findings,
      Consumer<LogFinding> told,
      EntryReader reader,
      long from,
      LongPredicate known) {
    this.source = source;
    this.findings = findings;
    this.told = told;
    this.reader = reader;
    this.known = known;
    this.page = reading(from, 1);
  }

  /// The next entries, in order; empty at the end of the log.
  ///
  /// What the source throws, such as a [LogException] or a [CommandFailure], is thrown once what
  /// came before it was handed over.
  List<Entry> next() {
    fill();
    Reading first = readings.pollFirst();
    if (first != null) {
      first.findings().forEach(told);
      return first.entries().join();
    }
    Page last = page.join();
    page = CompletableFuture.completedFuture(new Page(Stream.of(), List.of(), last.failure()));
    last.findings().forEach(told);
    switch (last.failure()) {
      case null -> {}
      case RuntimeException failure -> throw failure;
      case Error failure -> throw failure;
      case Throwable failure -> throw new IllegalStateException(failure);
    }
    return List.of();
  }

  /// Takes the pages that are there. The first entry comes alone: it names the log, and what its
  /// reader knows of that log may decide which signatures need a look.
  private void fill() {
    boolean first = !begun;
    begun = true;
    while (readings.isEmpty() || (!first && readings.size() < AHEAD * CORES && page.isDone())) {
      Page read = page.join();
      if (read.records().isEmpty()) {
        return;
      }
      divide(read);
      page = reading(read.next(), PAGE);
    }
  }

  private void divide(Page read) {
    List<LogRecord> records = read.records();
    Stream<LogFinding> noticed = read.findings();
    for (int from = 0; from < records.size(); from += BATCH) {
      List<LogRecord> batch = records.subList(from, Math.min(from + BATCH, records.size()));
      readings.add(
          new Reading(noticed, cores.submit(() -> batch.stream().map(this::entry).toList())));
      noticed = Stream.of();
    }
  }

  private CompletableFuture<Page> reading(long from, int most) {
    return CompletableFuture.supplyAsync(() -> page(from, most), pages);
  }

  private Page page(long from, int most) {
    try {
      List<LogRecord> records = source.read(from, most);
      return new Page(findings.get(), records, null);
    } catch (RuntimeException | Error e) {
      return new Page(findings.get(), List.of(), e);
    }
  }

  private Entry entry(LogRecord record) {
    return known.test(record.index())
        ? reader.readUnverified(record.index(), record.value())
        : reader.read(record.index(), record.value());
  }

  /// Ends the threads, once what they are reading is there, which is lost: whoever reads from the
  /// source next does so alone.
  @Override
  public void close() {
    page.cancel(false);
    readings.forEach(reading -> reading.entries().cancel(false));
    cores.close();
    pages.close();
  }
}
