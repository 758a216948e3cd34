package org.agentchat.hooks;

import org.jspecify.annotations.Nullable;

/// The reactor has ended; the message says why.
public final class ReactorStoppedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ReactorStoppedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
