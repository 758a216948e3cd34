package org.agentchat.schemas.event;

import org.agentchat.schemas.json.Json;

/// Bytes in the log that are not an event. The message says where and why.
public final class MalformedEventException extends Exception {
  private static final long serialVersionUID = 1L;
  private static final int MAX_CHARS = 200;

  /// @param message what was found and what was wanted; kept short and encodable, as it may quote
  ///   anything
  public MalformedEventException(String message) {
    super(Json.excerpt(message, MAX_CHARS));
  }
}
