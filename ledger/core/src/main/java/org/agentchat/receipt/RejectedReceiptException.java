package org.agentchat.receipt;

/// The first check that fails ends the verification; it never leaves this package.
final class RejectedReceiptException extends Exception {
  private static final long serialVersionUID = 1L;

  private final ReceiptCode code;

  /// @param sentence what was found and what was wanted
  RejectedReceiptException(ReceiptCode code, String sentence) {
    super(sentence);
    this.code = code;
  }

  ReceiptCode code() {
    return code;
  }

  String sentence() {
    return String.valueOf(getMessage());
  }
}
