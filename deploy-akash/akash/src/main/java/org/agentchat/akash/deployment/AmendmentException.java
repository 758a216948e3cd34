package org.agentchat.akash.deployment;

/// A change that cannot be taken up; nothing was written and nothing was sent.
public final class AmendmentException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  AmendmentException(String message) {
    super(message);
  }
}
