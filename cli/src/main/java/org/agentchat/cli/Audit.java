package org.agentchat.cli;

import java.util.List;
import java.util.Optional;
import org.agentchat.ledger.Auditor;
import org.agentchat.ledger.Entry;
import org.agentchat.ledger.EntryReader;
import org.agentchat.ledger.Finding;
import org.agentchat.ledger.Publication;
import org.agentchat.ledger.VerifiedEvents;
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

  private final Auditor auditor;
  private final EntryReader reader = new EntryReader(new Ed25519Verifier(), new VerifiedEvents());
  private final @Nullable LogSource ledgersCopy;

  /// @param ledgersCopy the log as the ledger itself serves it, to name the first entry that
  ///   differs
  Audit(Optional<Publication> published, @Nullable LogSource ledgersCopy) {
    this.auditor = new Auditor(published);
    this.ledgersCopy = ledgersCopy;
  }

  /// What a lenient reader of a file tells of its lines.
  void note(LogFinding finding) {
    auditor.missing(finding.expected(), "line " + finding.line() + ": " + finding.what());
  }

  /// Audits the source from its first entry to its end.
  Auditor run(LogSource source, Progress progress) {
    long next = source instanceof LogFile file ? file.from() : 0;
    for (List<LogRecord> page = source.read(next, LogSource.MAX_READ_RECORDS);
        !page.isEmpty();
        page = source.read(next, LogSource.MAX_READ_RECORDS)) {
      next = page.getLast().index() + 1;
      for (Entry entry : entries(page)) {
        auditor.read(entry);
      }
      progress.read(auditor.ledger().size());
    }
    auditor.finish();
    if (ledgersCopy != null && isAltered()) {
      compareEntries(source, ledgersCopy);
    }
    return auditor;
  }

  private List<Entry> entries(List<LogRecord> page) {
    return page.parallelStream()
        .map(record -> reader.read(record.index(), record.value()))
        .toList();
  }

  private boolean isAltered() {
    return auditor.findings().stream()
        .anyMatch(finding ->
            finding.kind() == Finding.Kind.ROOT_DIFFERS
                || finding.kind() == Finding.Kind.ENTRIES_MISSING);
  }

  /// Finds the first entry that differs from the ledger's copy.
  private void compareEntries(LogSource source, LogSource copy) {
    long next = 0;
    List<LogRecord> page = source.read(next, LogSource.MAX_READ_RECORDS);
    while (!page.isEmpty()) {
      List<LogRecord> theirs = copy.read(next, page.size());
      for (int i = 0; i < Math.min(page.size(), theirs.size()); i++) {
        LeafHash ours = LeafHash.of(page.get(i).value());
        LeafHash other = LeafHash.of(theirs.get(i).value());
        if (!ours.equals(other)) {
          auditor.compareEntry(next + i, ours, other);
          return;
        }
      }
      if (theirs.size() < page.size()) {
        return;
      }
      next = page.getLast().index() + 1;
      page = source.read(next, LogSource.MAX_READ_RECORDS);
    }
  }
}
