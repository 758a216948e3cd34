package org.agentchat.ledger.tree;

import org.agentchat.tlog.Prover;
import org.agentchat.tlog.SignedNote;

/// Asks witnesses for their signatures on a checkpoint before it is published.
@FunctionalInterface
public interface Cosigning {
  /// No witnesses: a checkpoint is published as the log signed it.
  Cosigning NONE = (note, _) -> new Outcome.Enough(note);

  /// What became of the question.
  sealed interface Outcome {
    /// The note with the signatures that came; enough of them.
    record Enough(SignedNote note) implements Outcome {}

    /// Too few witnesses answered; asked again later.
    record NotYet(String why) implements Outcome {}

    /// A witness has seen a tree that this one did not grow from.
    record Contradicted(String why) implements Outcome {}
  }

  /// Asks. May take seconds.
  ///
  /// @param prover makes consistency proofs up to the note's size
  Outcome cosign(SignedNote note, Prover prover) throws InterruptedException;
}
