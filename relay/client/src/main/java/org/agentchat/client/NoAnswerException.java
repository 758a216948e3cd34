package org.agentchat.client;

/// The relay did not answer in time, or the waiting thread was interrupted. The connection stays.
public final class NoAnswerException extends ClientException {
  private static final long serialVersionUID = 1L;

  NoAnswerException(String message, boolean outcomeUnknown) {
    super(message, outcomeUnknown, null);
  }
}
