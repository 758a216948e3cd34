package org.agentchat.log;

import org.jspecify.annotations.Nullable;

/// The log cannot be reached, did not answer in time, or refuses to take more. It may work again
/// later by itself.
///
/// When an append timed out, the record may or may not have been recorded: the broker may have
/// written it and died before it could say so, or may still write it. [#mayBeRecorded()] then is
/// true, and only reading the log tells.
public final class LogUnavailableException extends LogException {

  private static final long serialVersionUID = 1L;

  private final boolean mayBeRecorded;

  private LogUnavailableException(
      String message, boolean mayBeRecorded, @Nullable Throwable cause) {
    super(message, cause);
    this.mayBeRecorded = mayBeRecorded;
  }

  /// The append was refused before anything left this process.
  static LogUnavailableException nothingRecorded(String why) {
    return new LogUnavailableException(why + "; nothing was recorded", false, null);
  }

  /// The append was sent, or may have been, and its fate is not known.
  static LogUnavailableException outcomeUnknown(String why, @Nullable Throwable cause) {
    return new LogUnavailableException(
        why + "; whether the record was recorded is unknown, it may still appear in the log",
        true,
        cause);
  }

  /// A read, or the opening of the log, failed.
  static LogUnavailableException unreadable(String why, @Nullable Throwable cause) {
    return new LogUnavailableException(why, false, cause);
  }

  /// Whether the record that was to be appended may be in the log, now or later.
  public boolean mayBeRecorded() {
    return mayBeRecorded;
  }
}
