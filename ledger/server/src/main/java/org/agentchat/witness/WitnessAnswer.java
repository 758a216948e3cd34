package org.agentchat.witness;

import org.agentchat.tlog.NoteSignature;

/// What a witness says to a checkpoint (C2SP tlog-witness, "add-checkpoint").
sealed interface WitnessAnswer {
  /// The checkpoint is recorded, and this is the cosignature.
  record Cosigned(NoteSignature signature) implements WitnessAnswer {}

  /// The request is not one, or its old size is larger than the checkpoint.
  record Malformed(String why) implements WitnessAnswer {}

  /// No log of this name is known.
  record UnknownOrigin(String origin) implements WitnessAnswer {}

  /// No trusted key of the log signed.
  record NotSigned(String origin) implements WitnessAnswer {}

  /// The old size is not that of the checkpoint cosigned last; this is.
  record OtherSize(long size) implements WitnessAnswer {}

  /// The size is that of the checkpoint cosigned last, and the root is not.
  record OtherRoot(long size) implements WitnessAnswer {}

  /// The proof does not show that the tree grew from the one cosigned last.
  record NotConsistent(long size) implements WitnessAnswer {}
}
