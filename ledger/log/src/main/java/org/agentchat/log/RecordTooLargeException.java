package org.agentchat.log;

/// A record has more than [EventLog#MAX_RECORD_BYTES] bytes. Nothing was recorded.
public final class RecordTooLargeException extends LogException {

  private static final long serialVersionUID = 1L;

  RecordTooLargeException(int bytes) {
    super(
        "A record has at most %d bytes, this one has %d; nothing was recorded"
            .formatted(EventLog.MAX_RECORD_BYTES, bytes),
        null);
  }
}
