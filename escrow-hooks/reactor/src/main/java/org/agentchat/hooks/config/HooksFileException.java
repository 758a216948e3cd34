package org.agentchat.hooks.config;

/// The hooks' file cannot be used. The message is one sentence: where, what was wanted, what was
/// found.
public final class HooksFileException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  HooksFileException(String message) {
    super(message);
  }
}
