package org.agentchat.schemas.message;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeName;
import org.agentchat.schemas.escrow.EscrowOutcome;
import org.agentchat.schemas.escrow.EvmAccount;
import org.agentchat.schemas.escrow.EvmAddress;
import org.agentchat.schemas.escrow.EvmChain;
import org.agentchat.schemas.escrow.EvmHash;
import org.agentchat.schemas.escrow.TokenAmount;
import org.agentchat.schemas.identity.AgentId;
import org.jspecify.annotations.Nullable;

/// What a relay says of wallets and of money in a contract. `sig` is the signature of the statement
/// that says so, `index` its entry.
@JsonSubTypes({
  @JsonSubTypes.Type(EscrowMessage.WalletBound.class),
  @JsonSubTypes.Type(EscrowMessage.EscrowLocked.class),
  @JsonSubTypes.Type(EscrowMessage.EscrowSettled.class),
  @JsonSubTypes.Type(EscrowMessage.EscrowRefunded.class),
})
public sealed interface EscrowMessage extends ServerMessage {
  /// The agent has a wallet for an escrow contract.
  ///
  /// @param escrow the contract, on the account's chain
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
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long index)
      implements EscrowMessage {}

  /// The escrow of an accepted deal: what a party needs to know beside the offer's terms to lock
  /// it, or to recognise it.
  ///
  /// @param id by what the contract knows it
  /// @param payer the proposer's wallet
  /// @param payee the acceptor's wallet
  /// @param proposal the last member of the contract's terms: ties the escrow to the deal
  record AgreedEscrow(EvmHash id, EvmAddress payer, EvmAddress payee, EvmHash proposal) {}

  /// The observer says that the money is in the contract: the deal has started.
  ///
  /// @param observer who says so
  @JsonTypeName("ESCROW_LOCKED")
  record EscrowLocked(
      long ts,
      String proposalId,
      AgentId from,
      AgentId to,
      AgentId observer,
      EvmHash escrowId,
      EvmChain chain,
      EvmAddress contract,
      EvmHash tx,
      long blockNumber,
      EvmHash blockHash,
      String sig,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long index)
      implements EscrowMessage {}

  /// The observer says that the money was paid out.
  ///
  /// @param toPayee what the payee is credited with
  /// @param toPayer what the payer is credited with
  @JsonTypeName("ESCROW_SETTLED")
  record EscrowSettled(
      long ts,
      String proposalId,
      AgentId from,
      AgentId to,
      AgentId observer,
      EvmHash escrowId,
      EvmChain chain,
      EvmAddress contract,
      EvmHash tx,
      long blockNumber,
      EvmHash blockHash,
      TokenAmount toPayee,
      TokenAmount toPayer,
      EscrowOutcome how,
      String sig,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long index)
      implements EscrowMessage {}

  /// The observer says that the money went back to the payer.
  @JsonTypeName("ESCROW_REFUNDED")
  record EscrowRefunded(
      long ts,
      String proposalId,
      AgentId from,
      AgentId to,
      AgentId observer,
      EvmHash escrowId,
      EvmChain chain,
      EvmAddress contract,
      EvmHash tx,
      long blockNumber,
      EvmHash blockHash,
      String sig,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long index)
      implements EscrowMessage {}
}
