package org.agentchat.client;

import org.jspecify.annotations.Nullable;

/// Something failed between the client and the relay, as opposed to a refusal, which is a [Reply].
/// The message is one sentence for a person and never contains a key or what was said.
public abstract sealed class ClientException extends RuntimeException
    permits ConnectFailedException,
        ConnectionLostException,
        IdentityFileException,
        NoAnswerException,
        OverloadedException,
        RefusedException {
  private static final long serialVersionUID = 1L;

  private final boolean outcomeUnknown;

  ClientException(String message, boolean outcomeUnknown, @Nullable Throwable cause) {
    super(message, cause);
    this.outcomeUnknown = outcomeUnknown;
  }

  /// Whether the relay may have done what was asked all the same. For a statement: it may be in the
  /// log. Send the same [org.agentchat.schemas.statement.SignedStatement] once more to find out:
  /// under `agentchat/2` it is recorded once at most.
  public final boolean outcomeUnknown() {
    return outcomeUnknown;
  }
}
