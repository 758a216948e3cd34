package org.agentchat.receipt;

import java.util.Optional;
import org.agentchat.tlog.SignedNote;

/// The first check that fails ends the verification; it never leaves this package.
final class RejectedReceiptException extends Exception {
  private static final long serialVersionUID = 1L;

  private final ReceiptCode code;

  private final transient Optional<Fork> fork;

  /// Two checkpoints that contradict each other.
  record Fork(SignedNote found, SignedNote remembered) {}

  /// @param sentence what was found and what was wanted
  RejectedReceiptException(ReceiptCode code, String sentence) {
    super(sentence);
    this.code = code;
    this.fork = Optional.empty();
  }

  /// A log that has signed two trees of one size.
  RejectedReceiptException(CheckpointCheck.Judged judged, SignedNote remembered) {
    super(
        "the log %s has signed two trees of %d entries: this one and the remembered one"
            .formatted(judged.checkpoint().origin(), judged.checkpoint().head().size()));
    this.code = ReceiptCode.FORK;
    this.fork = Optional.of(new Fork(judged.note(), remembered));
  }

  ReceiptCode code() {
    return code;
  }

  String sentence() {
    return String.valueOf(getMessage());
  }

  Optional<Fork> fork() {
    return fork;
  }
}
