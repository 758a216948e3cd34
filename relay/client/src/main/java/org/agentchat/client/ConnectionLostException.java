package org.agentchat.client;

/// There is no connection, or it ended before the answer came.
public final class ConnectionLostException extends ClientException {
  private static final long serialVersionUID = 1L;

  ConnectionLostException(String message, boolean outcomeUnknown) {
    super(message, outcomeUnknown, null);
  }
}
