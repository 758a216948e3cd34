package org.agentchat.schemas.statement;

/// A statement's fields are not what the protocol allows. The message is the text that an agent is
/// shown, exactly as the protocol words it.
public final class InvalidStatementException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /// @param message what is wrong, in the protocol's words
  public InvalidStatementException(String message) {
    super(message);
  }
}
