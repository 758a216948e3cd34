package org.agentchat.client;

/// A refusal, thrown by [Reply#orThrow] only.
public final class RefusedException extends ClientException {
  private static final long serialVersionUID = 1L;

  private final String code;

  RefusedException(String code, String message) {
    super(code + ": " + message, false, null);
    this.code = code;
  }

  /// A word of [org.agentchat.schemas.message.ErrorCode], or of another server.
  public String code() {
    return code;
  }
}
