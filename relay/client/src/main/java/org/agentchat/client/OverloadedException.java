package org.agentchat.client;

/// More was asked than the connection takes away; nothing was sent. Ask again later.
public final class OverloadedException extends ClientException {
  private static final long serialVersionUID = 1L;

  OverloadedException(String message) {
    super(message, false, null);
  }
}
