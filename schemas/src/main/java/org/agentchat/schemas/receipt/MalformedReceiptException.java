package org.agentchat.schemas.receipt;

/// Bytes that are not a receipt file. The message says what was found and what was wanted.
public final class MalformedReceiptException extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean unknownFormat;

  /// @param unknownFormat whether the file says that it is of a format that is not known here, so
  ///   that it may be a good one to somebody else
  public MalformedReceiptException(boolean unknownFormat, String message) {
    super(message);
    this.unknownFormat = unknownFormat;
  }

  /// Whether the file is of another format, rather than broken.
  public boolean isUnknownFormat() {
    return unknownFormat;
  }
}
