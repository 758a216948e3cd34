package org.agentchat.escrow.chain;

/// A node did not do what was asked of it. Which kind it was says what to do; its text is for
/// people only, because every node words it differently.
public abstract sealed class ChainException extends Exception
    permits NodeUnreachableException,
        NodeRefusedException,
        GarbledAnswerException,
        RevertedException,
        WrongChainException {
  private static final long serialVersionUID = 1L;

  ChainException(String message) {
    super(message);
  }

  ChainException(String message, Throwable cause) {
    super(message, cause);
  }
}
