package org.agentchat.ledger;

/// Something that an audit found.
///
/// @param index the entry that it concerns, or -1 when it concerns the whole log
/// @param sentence what was found and what was wanted
public record Finding(Kind kind, long index, String sentence) {
  /// The kinds, worst first.
  public enum Kind {
    /// The log contradicts a checkpoint that it signed before.
    FORKED(true),
    /// The bytes are not an event.
    MALFORMED(true),
    /// The statement was altered, or signed with another key.
    FORGED(true),
    /// The log holds another entry than the one published.
    ENTRY_DIFFERS(true),
    /// The log is shorter than what was published, or lacks entries.
    ENTRIES_MISSING(true),
    /// The same entries give another root, or another log was published.
    ROOT_DIFFERS(true),
    /// Folding the log gives another state than the one published.
    STATE_DIFFERS(true),
    /// The published rating of an agent is not what the log gives.
    RATING_DIFFERS(true),
    /// A ledger signed another root of the ratings than the log gives.
    FALSE_RATINGS(true),
    /// A published receipt is not what the log gives, or one is missing.
    RECEIPT_DIFFERS(true),
    /// The rules refused the event. In an honest log that happens when two relays race.
    REFUSED(false);

    private final boolean fault;

    Kind(boolean fault) {
      this.fault = fault;
    }

    /// Whether an honest log and ledger never show it.
    public boolean isFault() {
      return fault;
    }
  }
}
