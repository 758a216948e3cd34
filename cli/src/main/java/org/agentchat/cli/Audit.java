package org.agentchat.cli;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.agentchat.ledger.Auditor;
import org.agentchat.ledger.Entry;
import org.agentchat.ledger.EntryReader;
import org.agentchat.ledger.Finding;
import org.agentchat.ledger.Publication;
import org.agentchat.ledger.VerifiedEvents;
import org.agentchat.log.LogCorruptedException;
import org.agentchat.log.LogException;
import org.agentchat.log.LogFile;
import org.agentchat.log.LogFinding;
import org.agentchat.log.LogRecord;
import org.agentchat.log.LogSource;
import org.agentchat.schemas.event.LeafHash;
import org.agentchat.schemas.identity.Ed25519Verifier;
import org.jspecify.annotations.Nullable;

/// Reads a log through an [Auditor]: pages ahead, signatures on all cores, the fold on one.
final class Audit {
  /// Told how many entries have been read.
  interface Progress {
    void read(long entries);
  }

  private final Optional<Publication> published;
  private final EntryReader reader = new EntryReader(new Ed25519Verifier(), new VerifiedEvents());
  private final @Nullable LogSource ledgersCopy;

  private final LineNotes notes = new LineNotes();
  private Auditor auditor;
  private long trusted;
  private @Nullable PublishedLog expected;
  private boolean vouched;
  private ForkWatch watch = ForkWatch.none();
  private Resumption resumption = Resumption.none();

  /// @param ledgersCopy the log as the ledger itself serves it, to name the first entry that
  ///   differs
  Audit(Optional<Publication> published, @Nullable LogSource ledgersCopy) {
    this.published = published;
    this.auditor = new Auditor(published);
    this.ledgersCopy = ledgersCopy;
  }

  /// Lets entries below the index pass without a look at their signatures.
  Audit trusting(long entries) {
    trusted = entries;
    return this;
  }

  /// Holds the log against what is remembered of it.
  Audit watchedBy(ForkWatch fork) {
    watch = fork;
    return this;
  }

  /// Goes on where an earlier audit was interrupted, and lets a later one do so.
  Audit resumable(Resumption earlier) {
    resumption = earlier;
    return this;
  }

  /// Holds the root against that of the log's checkpoint.
  ///
  /// @param trusted whether a policy is content with the checkpoint
  Audit expecting(PublishedLog log, boolean trusted) {
    expected = log;
    vouched = trusted;
    return this;
  }

  /// What a lenient reader of a file tells of its lines, on the thread that reads.
  void note(LogFinding finding) {
    notes.add(finding);
  }

  private void report(LogFinding finding) {
    auditor.missing(finding.expected(), "line " + finding.line() + ": " + finding.what());
  }

  /// Audits the source from its first entry to its end.
  Auditor run(LogSource source, Progress progress) {
    boolean whole = pass(source, progress);
    if (!resumption.isComplete()) {
      auditor = new Auditor(published);
      notes.restart();
      watch.restart();
      whole = pass(source, progress);
    }
    resumption.end(auditor.ledger());
    auditor.finish();
    // A file may be an older copy, and what cannot be read may still be there.
    if (whole && !(source instanceof LogFile)) {
      watch.end(auditor);
    }
    if (expected != null) {
      auditor.compareHead(expected.checkpoint(), vouched);
    }
    if (ledgersCopy != null && isAltered()) {
      nameFirstDifference(source, ledgersCopy);
    }
    return auditor;
  }

  /// @return whether the log was read to its end
  private boolean pass(LogSource source, Progress progress) {
    long next = first(source);
    if (next > 0) {
      auditor.missing(0, "the file begins at entry " + next);
    }
    long size = source.size();
    try (EntryPipeline pipeline =
        new EntryPipeline(
            source,
            notes::taken,
            this::report,
            reader,
            next,
            index -> index < trusted || resumption.covers(index))) {
      return read(pipeline, size, progress);
    }
  }

  /// The fault is reported already: a copy that cannot be read takes nothing from that.
  private void nameFirstDifference(LogSource source, LogSource copy) {
    try {
      compareEntries(source, copy);
    } catch (LogException | CommandFailure e) {
      auditor.missing(
          auditor.ledger().size(), "where the copies part cannot be said: " + e.getMessage());
    }
  }

  /// @return whether the log was read to its end
  private boolean read(EntryPipeline pipeline, long size, Progress progress) {
    try {
      for (List<Entry> page = pipeline.next(); !page.isEmpty(); page = pipeline.next()) {
        for (Entry entry : page) {
          auditor.read(entry);
          watch.look(auditor);
          resumption.look(entry, auditor.ledger(), size);
          if (resumption.isContradicted()) {
            return false;
          }
        }
        resumption.keep(auditor.ledger());
        progress.read(auditor.ledger().size());
      }
      return true;
    } catch (LogCorruptedException e) {
      // What cannot be read is missing: a finding like any other, and the end of the reading.
      auditor.missing(e.expected(), String.valueOf(e.getMessage()));
      return false;
    }
  }

  private static long first(LogSource source) {
    return source instanceof LogFile file ? file.from() : 0;
  }

  private boolean isAltered() {
    return auditor.has(Finding.Kind.ROOT_DIFFERS) || auditor.has(Finding.Kind.ENTRIES_MISSING);
  }

  /// Finds the first entry that differs from the ledger's copy. Each side gives pages of its own
  /// size.
  private void compareEntries(LogSource source, LogSource copy) {
    Pages theirs = new Pages(copy);
    long next = first(source);
    List<LogRecord> page = source.read(next, LogSource.MAX_READ_RECORDS);
    while (!page.isEmpty()) {
      for (LogRecord record : page) {
        Optional<LeafHash> other =
            theirs.at(record.index()).map(LogRecord::value).map(LeafHash::of);
        LeafHash ours = LeafHash.of(record.value());
        if (other.isEmpty()) {
          return;
        }
        if (!ours.equals(other.get())) {
          auditor.compareEntry(record.index(), ours, other.get());
          return;
        }
      }
      next = page.getLast().index() + 1;
      page = source.read(next, LogSource.MAX_READ_RECORDS);
    }
  }

  /// A log from which records are taken in order, page by page.
  private static final class Pages {
    private final LogSource log;
    private final Deque<LogRecord> page = new ArrayDeque<>();

    Pages(LogSource log) {
      this.log = log;
    }

    /// The record at the index, or empty when the log ends before it.
    ///
    /// @param index never less than the last one
    Optional<LogRecord> at(long index) {
      while (!page.isEmpty() && page.getFirst().index() < index) {
        page.removeFirst();
      }
      if (page.isEmpty()) {
        page.addAll(log.read(index, LogSource.MAX_READ_RECORDS));
      }
      return Optional.ofNullable(page.peekFirst());
    }
  }
}
