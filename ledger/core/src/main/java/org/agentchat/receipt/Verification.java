package org.agentchat.receipt;

import java.util.List;
import java.util.Optional;
import org.agentchat.schemas.receipt.MalformedReceiptException;
import org.agentchat.tlog.SignedNote;

/// What came of verifying a file: a receipt, a rating certificate, a history. The sentences are for
/// people; they quote texts of the file, which may hold any character.
///
/// @param message why it is not [ReceiptCode#OK], or that it is
/// @param proved what nobody needs to be believed for; empty unless the code is OK
/// @param notProved what the receipt says, or a reader may think that it says, and this does not
///   show; empty unless the code is OK
/// @param checkpoint the one that all proofs end at, once the policy is met
/// @param contradicting the remembered one that it contradicts: with the other, evidence of a fork
public record Verification(
    ReceiptCode code,
    String message,
    List<String> proved,
    List<String> notProved,
    Optional<SignedNote> checkpoint,
    Optional<SignedNote> contradicting) {
  /// Copies the lists.
  public Verification {
    proved = List.copyOf(proved);
    notProved = List.copyOf(notProved);
  }

  static Verification rejected(RejectedReceiptException why) {
    return new Verification(
        why.code(),
        why.sentence(),
        List.of(),
        List.of(),
        why.fork().map(RejectedReceiptException.Fork::found),
        why.fork().map(RejectedReceiptException.Fork::remembered));
  }

  static Verification unreadable(MalformedReceiptException why) {
    ReceiptCode code = why.isUnknownFormat() ? ReceiptCode.UNKNOWN_FORMAT : ReceiptCode.MALFORMED;
    return rejected(new RejectedReceiptException(code, String.valueOf(why.getMessage())));
  }

  /// Whether everything that a receipt can prove is proved.
  public boolean isOk() {
    return code == ReceiptCode.OK;
  }
}
