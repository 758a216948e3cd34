package org.agentchat.ledger;

import org.agentchat.schemas.escrow.EscrowContract;
import org.agentchat.schemas.identity.AgentId;

/// What was said of money on a chain, and taken note of.
public sealed interface EscrowEffect extends Effect {
  /// An account has a wallet for an escrow contract; its earlier one for the same, if any, is gone.
  ///
  /// @param agent by the key that signed
  record WalletBound(AgentId agent, EscrowContract contract, Wallet wallet)
      implements EscrowEffect {}

  /// Something was seen to happen to a deal's escrow.
  sealed interface Observed extends EscrowEffect {
    /// The deal as it stands afterwards; without its texts and statements when it is finished.
    Proposal proposal();

    /// Who saw it, by the key that signed.
    AgentId by();
  }

  /// The money is in the contract: the deal has started.
  record EscrowLocked(Proposal proposal, AgentId by) implements Observed {}

  /// The money was paid out.
  record EscrowSettled(Proposal proposal, AgentId by) implements Observed {}

  /// The money went back to the payer.
  record EscrowRefunded(Proposal proposal, AgentId by) implements Observed {}
}
