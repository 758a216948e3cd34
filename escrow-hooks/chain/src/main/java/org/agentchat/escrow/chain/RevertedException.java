package org.agentchat.escrow.chain;

/// The contract refused the call.
public final class RevertedException extends ChainException {
  private static final long serialVersionUID = 1L;

  private final transient ContractError error;

  RevertedException(ContractError error) {
    super("the contract refuses: " + error);
    this.error = error;
  }

  /// What the contract said.
  public ContractError error() {
    return error;
  }
}
