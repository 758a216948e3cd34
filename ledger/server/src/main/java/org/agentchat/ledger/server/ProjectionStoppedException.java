package org.agentchat.ledger.server;

/// The projector has stopped for good; the message says why.
public final class ProjectionStoppedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ProjectionStoppedException(String message, Throwable cause) {
    super(message, cause);
  }
}
