package org.agentchat.receipt;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.agentchat.schemas.identity.Ed25519Verifier;
import org.agentchat.tlog.Checkpoint;
import org.agentchat.tlog.Policy;
import org.agentchat.tlog.SignedNote;

/// Whether the log holds the legs: one checkpoint for all proofs, of the receipt's log, good by the
/// policy, with a tree that every leg is in.
final class CheckpointCheck {
  private final Policy policy;
  private final Ed25519Verifier verifier;

  CheckpointCheck(Policy policy, Ed25519Verifier verifier) {
    this.policy = policy;
    this.verifier = verifier;
  }

  /// A checkpoint that the policy is content with, and why.
  record Judged(SignedNote note, Checkpoint checkpoint, Policy.Judgement.Met judgement) {
    /// That it is the tree that somebody remembers, if it is.
    Optional<String> known(Optional<SignedNote> remembered) {
      return remembered
          .filter(this::isSameTree)
          .map(_ -> "It is the tree that was remembered of this log.");
    }

    private boolean isSameTree(SignedNote other) {
      return Checkpoint.parse(other.text()).head().equals(checkpoint.head());
    }

    /// What a checkpoint alone leaves open.
    List<String> unknown(Optional<SignedNote> remembered) {
      List<String> unknown = new ArrayList<>();
      if (judgement.witnesses().isEmpty()) {
        unknown.add(
            "That the log shows everybody the same entries: no witness has cosigned, so that is its"
                + " operator's word.");
      }
      remembered
          .filter(note -> !isSameTree(note))
          .ifPresent(note ->
              unknown.add(
                  "That this tree and the remembered one of %d entries are one log: that takes a"
                          .formatted(Checkpoint.parse(note.text()).head().size())
                      + " consistency proof, which the log's tiles give."));
      return unknown;
    }
  }

  /// @param legs with the rotations, at least one
  Judged check(String origin, List<Leg> legs) throws RejectedReceiptException {
    SignedNote note = legs.getFirst().proof().checkpoint();
    for (Leg leg : legs) {
      if (!leg.proof().checkpoint().equals(note)) {
        throw new RejectedReceiptException(
            ReceiptCode.MIXED_CHECKPOINTS,
            "%s is proved against another checkpoint than %s"
                .formatted(leg.words(), legs.getFirst().words()));
      }
    }
    Judged judged = judge("the receipt", origin, note);
    for (Leg leg : legs) {
      if (!leg.proof().proves(leg.bytes())) {
        throw new RejectedReceiptException(
            ReceiptCode.NOT_INCLUDED,
            "%s is not in the tree of %d entries that the checkpoint names"
                .formatted(leg.words(), judged.checkpoint().head().size()));
      }
    }
    return judged;
  }

  /// Whether the checkpoint is of that log and good by the policy.
  ///
  /// @param what names the log, in words
  Judged judge(String what, String origin, SignedNote note) throws RejectedReceiptException {
    Checkpoint checkpoint = Checkpoint.parse(note.text());
    if (!checkpoint.origin().equals(origin)) {
      throw new RejectedReceiptException(
          ReceiptCode.WRONG_ORIGIN,
          "the checkpoint is of the log %s, %s of %s".formatted(checkpoint.origin(), what, origin));
    }
    return new Judged(note, checkpoint, met(note));
  }

  private Policy.Judgement.Met met(SignedNote note) throws RejectedReceiptException {
    return switch (policy.judge(note, verifier)) {
      case Policy.Judgement.Met met -> met;
      case Policy.Judgement.UnknownLog(String origin) ->
          throw new RejectedReceiptException(
              ReceiptCode.UNKNOWN_LOG,
              "the policy lists no key of the log %s that signed the checkpoint".formatted(origin));
      case Policy.Judgement.BadSignature(String name) ->
          throw new RejectedReceiptException(
              ReceiptCode.BAD_CHECKPOINT_SIGNATURE,
              "the checkpoint's signature in the name of %s is not valid".formatted(name));
      case Policy.Judgement.TooFewWitnesses few ->
          throw new RejectedReceiptException(
              ReceiptCode.TOO_FEW_WITNESSES,
              "cosigned by %s, wanted: %s"
                  .formatted(
                      few.witnesses().isEmpty() ? "nobody" : String.join(", ", few.witnesses()),
                      few.wanted().text()));
    };
  }

  /// @param remembered of the same log; one that the log has not signed says nothing
  void requireNoFork(Judged judged, Optional<SignedNote> remembered)
      throws RejectedReceiptException {
    Optional<SignedNote> other = remembered.filter(note -> isContradicted(note, judged));
    if (other.isPresent()) {
      throw new RejectedReceiptException(judged, other.get());
    }
  }

  /// Whether the log has signed both and both cannot be so.
  private boolean isContradicted(SignedNote remembered, Judged judged) {
    Checkpoint before = Checkpoint.parse(remembered.text());
    return remembered.check(judged.judgement().log(), verifier) == SignedNote.Check.VALID
        && before.origin().equals(judged.checkpoint().origin())
        && before.head().size() == judged.checkpoint().head().size()
        && !before.head().root().equals(judged.checkpoint().head().root());
  }
}
