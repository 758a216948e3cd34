package org.agentchat.log;

import org.jspecify.annotations.Nullable;

/// A failure of the log. Unchecked because it travels through futures and loops alike; whoever
/// drives the log handles it in one place.
public abstract sealed class LogException extends RuntimeException
    permits LogCorruptedException,
        LogUnavailableException,
        RecordTooLargeException,
        UnsuitableTopicException {

  private static final long serialVersionUID = 1L;

  LogException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
