package org.agentchat.cli;

import java.util.Optional;
import java.util.function.Function;
import org.agentchat.ledger.Auditor;
import org.agentchat.ledger.Ledger;
import org.agentchat.tlog.Checkpoint;
import org.agentchat.tlog.SignedNote;
import org.jspecify.annotations.Nullable;

/// Holds a log that is being audited against the checkpoint that is remembered of it, wherever the
/// log comes from: a log that was rolled back, or tells something else now, is caught on the way.
final class ForkWatch {
  private final Function<String, Optional<SignedNote>> memory;
  private boolean asked;
  private @Nullable SignedNote remembered;
  private long size = -1;
  private boolean contradicted;

  /// @param memory the last good checkpoint of a log, by its origin
  ForkWatch(Function<String, Optional<SignedNote>> memory) {
    this.memory = memory;
  }

  /// Nobody remembers anything.
  static ForkWatch none() {
    return new ForkWatch(_ -> Optional.empty());
  }

  /// After each entry.
  void look(Auditor auditor) {
    Ledger ledger = auditor.ledger();
    if (!asked && ledger.origin().isPresent()) {
      asked = true;
      remembered = memory.apply(ledger.origin().get()).orElse(null);
      size = remembered == null ? -1 : head().head().size();
    }
    if (ledger.size() == size && !ledger.rootHash().equals(head().head().root().toString())) {
      contradicted = true;
      auditor.forked(
          "the first %d entries have the root %s; in the checkpoint that is remembered they had %s"
              .formatted(size, ledger.rootHash(), head().head().root()));
    }
  }

  /// The log is read once more, from its first entry.
  void restart() {
    asked = false;
    remembered = null;
    size = -1;
    contradicted = false;
  }

  private Checkpoint head() {
    return Checkpoint.parse(Optional.ofNullable(remembered).orElseThrow().text());
  }

  /// After the last entry.
  void end(Auditor auditor) {
    if (auditor.ledger().size() < size) {
      auditor.forked(
          "the log has %d entries; in the checkpoint that is remembered it had %d: it was rolled back"
              .formatted(auditor.ledger().size(), size));
    }
  }

  /// The remembered checkpoint, if the log begins otherwise. A shorter log alone proves nothing to
  /// others: it may be an old copy.
  Optional<SignedNote> contradicted() {
    return contradicted ? Optional.ofNullable(remembered) : Optional.empty();
  }
}
