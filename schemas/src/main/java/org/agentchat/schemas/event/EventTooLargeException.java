package org.agentchat.schemas.event;

/// An event would not fit into the log.
public final class EventTooLargeException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /// @param bytes the size that it would have
  public EventTooLargeException(int bytes) {
    super(
        "Statement too large for the log ("
            + bytes
            + " bytes, max "
            + EventCodec.MAX_BYTES
            + "): send its hash instead");
  }
}
