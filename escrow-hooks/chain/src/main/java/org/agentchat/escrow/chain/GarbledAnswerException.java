package org.agentchat.escrow.chain;

/// The node's answer is no answer to the question: not JSON, too long, of another shape, or in
/// contradiction to itself. Nothing of it was used.
public final class GarbledAnswerException extends ChainException {
  private static final long serialVersionUID = 1L;

  GarbledAnswerException(String message) {
    super(message);
  }

  GarbledAnswerException(String message, Throwable cause) {
    super(message, cause);
  }
}
