package org.agentchat.ledger.server;

import org.jspecify.annotations.Nullable;

/// The projector has ended; the message says why.
public final class ProjectionStoppedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ProjectionStoppedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
