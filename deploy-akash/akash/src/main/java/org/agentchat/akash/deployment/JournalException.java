package org.agentchat.akash.deployment;

import org.jspecify.annotations.Nullable;

/// A deployment's journal cannot be read or written, or another process has it. The message is one
/// sentence without a full stop.
public final class JournalException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  JournalException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
