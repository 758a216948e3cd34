package org.agentchat.escrow.chain;

/// No answer: the node is away, too slow, or too busy. Asking later may help. Whether what was sent
/// has arrived is unknown.
public final class NodeUnreachableException extends ChainException {
  private static final long serialVersionUID = 1L;

  NodeUnreachableException(String message, Throwable cause) {
    super(message, cause);
  }
}
