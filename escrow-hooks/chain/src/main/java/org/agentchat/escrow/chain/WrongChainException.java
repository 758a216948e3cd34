package org.agentchat.escrow.chain;

/// The node is on another chain than the one that is meant. Nothing is signed for it.
public final class WrongChainException extends ChainException {
  private static final long serialVersionUID = 1L;

  WrongChainException(String message) {
    super(message);
  }
}
