package org.agentchat.deploy;

/// A proposal's terms do not say what to deploy, or not so that it can be done.
final class UnusableTermsException extends RuntimeException {
  private static final long serialVersionUID = 1;

  UnusableTermsException(String message) {
    super(message);
  }
}
