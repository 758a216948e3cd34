package org.agentchat.log;

import org.jspecify.annotations.Nullable;

/// The broker in this process could not start; the message is one sentence that says why.
public final class BrokerStartException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  BrokerStartException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
