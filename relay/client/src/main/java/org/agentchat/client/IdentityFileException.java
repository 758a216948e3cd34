package org.agentchat.client;

import org.jspecify.annotations.Nullable;

/// An identity file is missing, unreadable or not what it should be.
public final class IdentityFileException extends ClientException {
  private static final long serialVersionUID = 1L;

  IdentityFileException(String message, @Nullable Throwable cause) {
    super(message, false, cause);
  }
}
