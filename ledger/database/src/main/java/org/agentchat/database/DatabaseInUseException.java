package org.agentchat.database;

/// Another server writes to the same database file. The message names the file and what to do.
public final class DatabaseInUseException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DatabaseInUseException(String message) {
    super(message);
  }
}
