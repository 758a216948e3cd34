package org.agentchat.schemas.message;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeName;
import org.agentchat.schemas.escrow.EscrowOutcome;
import org.agentchat.schemas.escrow.EvmAccount;
import org.agentchat.schemas.escrow.EvmAddress;
import org.agentchat.schemas.escrow.EvmChain;
import org.agentchat.schemas.escrow.EvmHash;
import org.agentchat.schemas.escrow.TokenAmount;
import org.agentchat.schemas.identity.AgentId;

/// What a relay says of money on a chain: that a wallet is bound, to the agent that bound it, and
/// what an observer saw, to both parties of the deal and to the observer. Ours; other servers know
/// none of it. `index` is the log index of the entry that it follows from.
@JsonSubTypes({
  @JsonSubTypes.Type(EscrowNotice.WalletBound.class),
  @JsonSubTypes.Type(EscrowNotice.EscrowLocked.class),
  @JsonSubTypes.Type(EscrowNotice.EscrowSettled.class),
  @JsonSubTypes.Type(EscrowNotice.EscrowRefunded.class),
})
public sealed interface EscrowNotice extends ServerMessage {
  /// A wallet is the agent's from now on.
  ///
  /// @param account the wallet, on the contract's chain
  /// @param escrow the contract that it is bound for
  /// @param notAfter until when it holds, seconds since 1970
  /// @param claimed true when only the chain knows whether the wallet agreed (ERC-1271)
  @JsonTypeName("WALLET_BOUND")
  record WalletBound(
      long ts,
      AgentId agentId,
      EvmAccount account,
      EvmAddress escrow,
      long notAfter,
      boolean claimed,
      String sig,
      Long index)
      implements EscrowNotice {}

  /// What an observer that the terms name saw happen to a deal's escrow.
  sealed interface Observed extends EscrowNotice {
    /// The deal.
    String proposalId();

    /// Who says so.
    AgentId observedBy();

    @Override
    String sig();
  }

  /// The money is in the contract: the deal has started.
  @JsonTypeName("ESCROW_LOCKED")
  record EscrowLocked(
      long ts,
      String proposalId,
      AgentId from,
      AgentId to,
      AgentId observedBy,
      EvmHash escrowId,
      EvmChain chain,
      EvmAddress contract,
      EvmHash tx,
      long blockNumber,
      EvmHash blockHash,
      String sig,
      Long index)
      implements Observed {}

  /// The money was paid out.
  ///
  /// @param how by whose word or silence
  @JsonTypeName("ESCROW_SETTLED")
  record EscrowSettled(
      long ts,
      String proposalId,
      AgentId from,
      AgentId to,
      AgentId observedBy,
      EvmHash escrowId,
      EvmChain chain,
      EvmAddress contract,
      EvmHash tx,
      long blockNumber,
      EvmHash blockHash,
      EscrowOutcome how,
      TokenAmount toPayee,
      TokenAmount toPayer,
      String sig,
      Long index)
      implements Observed {}

  /// The money went back to the payer.
  @JsonTypeName("ESCROW_REFUNDED")
  record EscrowRefunded(
      long ts,
      String proposalId,
      AgentId from,
      AgentId to,
      AgentId observedBy,
      EvmHash escrowId,
      EvmChain chain,
      EvmAddress contract,
      EvmHash tx,
      long blockNumber,
      EvmHash blockHash,
      String sig,
      Long index)
      implements Observed {}
}
