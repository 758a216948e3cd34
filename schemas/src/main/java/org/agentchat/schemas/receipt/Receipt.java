package org.agentchat.schemas.receipt;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.agentchat.schemas.escrow.EscrowTerms;
import org.agentchat.schemas.escrow.EvmAddress;
import org.agentchat.schemas.escrow.EvmHash;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.json.JsonNumber;
import org.agentchat.schemas.message.ArbiterResult;
import org.agentchat.schemas.message.EloStakes;
import org.agentchat.schemas.message.RatingChanges;
import org.agentchat.schemas.statement.Verdict;
import org.jspecify.annotations.Nullable;

/// A finished deal with everything that was signed for it. The first fields are those of the
/// COMPLETE or DISPUTE line that existing tools keep in `receipts.jsonl`; `proposal`, `origin`,
/// `index` and `legs` are what those lines lack.
///
/// @param type `COMPLETE`, `DISPUTE`, or `VERDICT` of a panel
/// @param ts when the deal was finished, milliseconds since 1970, log time: when its last leg was
///   recorded, or a panel's time was up
/// @param status `completed` or `disputed`
/// @param proof of a completion
/// @param disputedBy who disputed the deal, or took it to court
/// @param reason of a dispute
/// @param disputeId the court case
/// @param verdict of its panel
/// @param arbiters what each arbiter found
/// @param feeLost what the disputant lost of the filing fee
/// @param cooldown true when the pair had finished another deal within the hour, so that this one
///   moved no rating
/// @param proposal what was agreed
/// @param escrow the money that the deal demanded, if it did
/// @param origin the log that the legs are in
/// @param index the log index of the entry that finished the deal: the last leg, or the entry by
///   whose time a panel's vote was over
/// @param legs the recorded statements, in log order: proposal, acceptance, end, or every statement
///   of the case
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Receipt(
    String type,
    long ts,
    String proposalId,
    String status,
    AgentId from,
    AgentId to,
    @Nullable AgentId completedBy,
    @Nullable Long completedAt,
    @Nullable AgentId disputedBy,
    @Nullable Long disputedAt,
    @Nullable String proof,
    @Nullable String reason,
    @Nullable String disputeId,
    @Nullable Verdict verdict,
    @Nullable List<ArbiterResult> arbiters,
    @Nullable Integer feeLost,
    EloStakes eloStakes,
    RatingChanges ratingChanges,
    boolean cooldown,
    Terms proposal,
    @Nullable Escrow escrow,
    String origin,
    long index,
    List<Leg> legs) {

  /// Copies the legs.
  public Receipt {
    legs = List.copyOf(legs);
    arbiters = arbiters == null ? null : List.copyOf(arbiters);
  }

  /// What was agreed.
  ///
  /// @param createdAt when the proposal was recorded, milliseconds since 1970, log time
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Terms(
      AgentId from,
      AgentId to,
      String task,
      @Nullable JsonNumber amount,
      @Nullable String currency,
      @Nullable String paymentCode,
      @Nullable String terms,
      @Nullable String capability,
      @Nullable EscrowTerms escrow,
      long createdAt) {}

  /// The money that the deal demanded before it started. What became of it is not part of the
  /// receipt: the deal may be over long before.
  ///
  /// @param id by what the contract knows it
  /// @param payer the proposer's wallet, as it was bound when the deal was accepted
  /// @param payee the acceptor's
  /// @param payerBinding the entry that bound the payer's wallet
  /// @param payeeBinding the entry that bound the payee's
  /// @param locked the entry in which the observer says that the money was locked
  public record Escrow(
      EvmHash id,
      EvmAddress payer,
      EvmAddress payee,
      long payerBinding,
      long payeeBinding,
      long locked) {}

  /// One statement of the deal.
  ///
  /// @param index its log index
  /// @param leafHash the RFC 6962 leaf hash of `event`, 64 hexadecimal digits
  /// @param scheme how its signature is bound: `agentchat/1` binds neither the log nor the time
  /// @param event the exact text that the log holds: signature and key are inside
  public record Leg(
      String type, long index, String leafHash, AgentId signer, String scheme, String event) {}
}
