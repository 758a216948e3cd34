package org.agentchat.schemas.event;

/// Bytes in the log that are not an event. The message says where and why.
public final class MalformedEventException extends Exception {
  private static final long serialVersionUID = 1L;

  /// @param message what was found and what was wanted
  public MalformedEventException(String message) {
    super(message);
  }
}
