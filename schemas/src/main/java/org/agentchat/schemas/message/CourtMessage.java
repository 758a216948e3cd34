package org.agentchat.schemas.message;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeName;
import java.util.List;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.json.JsonNumber;
import org.agentchat.schemas.statement.Verdict;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What a relay says to the parties and the arbiters of an Agentcourt case (protocol.md section
/// 12). `index` is the log index of the entry that it follows from.
@JsonSubTypes({
  @JsonSubTypes.Type(CourtMessage.DisputeIntentAck.class),
  @JsonSubTypes.Type(CourtMessage.DisputeRevealed.class),
  @JsonSubTypes.Type(CourtMessage.PanelFormed.class),
  @JsonSubTypes.Type(CourtMessage.ArbiterAssigned.class),
  @JsonSubTypes.Type(CourtMessage.EvidenceReceived.class),
  @JsonSubTypes.Type(CourtMessage.CaseReady.class),
  @JsonSubTypes.Type(CourtMessage.VerdictGiven.class),
  @JsonSubTypes.Type(CourtMessage.SettlementComplete.class),
  @JsonSubTypes.Type(CourtMessage.DisputeFallback.class),
})
public sealed interface CourtMessage extends ServerMessage {
  /// The case.
  String disputeId();

  /// A case is filed; its disputant is to reveal its nonce now.
  ///
  /// @param serverNonce the hexadecimal SHA-256 of the relay's nonce, which stays its own until the
  ///   disputant's is known: [PanelFormed] carries it. Other servers send the nonce itself
  @JsonTypeName("DISPUTE_INTENT_ACK")
  record DisputeIntentAck(
      long ts,
      String disputeId,
      String proposalId,
      String serverNonce,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long index)
      implements CourtMessage {}

  /// The disputant's nonce was taken and the panel is drawn.
  @JsonTypeName("DISPUTE_REVEALED")
  record DisputeRevealed(
      long ts,
      String disputeId,
      int panelSize,
      String seed,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long index)
      implements CourtMessage {}

  /// The panel is drawn, for both parties.
  ///
  /// @param evidenceDeadline always null: no arbiter has accepted yet
  /// @param voteDeadline always null
  /// @param seed SHA-256 of the proposal, the disputant's nonce and the relay's, hexadecimal
  @JsonTypeName("PANEL_FORMED")
  record PanelFormed(
      long ts,
      String disputeId,
      String proposalId,
      List<AgentId> arbiters,
      AgentId disputant,
      AgentId respondent,
      @Nullable Long evidenceDeadline,
      @Nullable Long voteDeadline,
      String seed,
      String serverNonce,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long index)
      implements CourtMessage {}

  /// The agent is asked to judge.
  ///
  /// @param reason why the case was filed
  /// @param isReplacement true when somebody else was asked before
  @JsonTypeName("ARBITER_ASSIGNED")
  record ArbiterAssigned(
      long ts,
      String disputeId,
      String proposalId,
      AgentId disputant,
      AgentId respondent,
      String reason,
      long responseDeadline,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Boolean isReplacement,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long index)
      implements CourtMessage {}

  /// One side gave its evidence.
  @JsonTypeName("EVIDENCE_RECEIVED")
  record EvidenceReceived(
      long ts,
      String disputeId,
      AgentId from,
      int itemsCount,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long index)
      implements CourtMessage {}

  /// What the deal in question says.
  record CaseProposal(
      String id,
      AgentId from,
      AgentId to,
      String task,
      @Nullable JsonNumber amount,
      @Nullable String currency) {}

  /// One side's evidence.
  ///
  /// @param items each with its `hash`
  record FiledEvidence(List<JsonNode> items, String statement, String sig) {}

  /// The evidence is complete: the arbiters may vote.
  @JsonTypeName("CASE_READY")
  record CaseReady(
      long ts,
      String disputeId,
      @Nullable CaseProposal proposal,
      AgentId disputant,
      @Nullable FiledEvidence disputantEvidence,
      AgentId respondent,
      @Nullable FiledEvidence respondentEvidence,
      long voteDeadline,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long index)
      implements CourtMessage {}

  /// One arbiter's vote.
  record CastVote(AgentId arbiter, Verdict verdict, String reasoning) {}

  /// The panel has found.
  ///
  /// @param votes of those who voted
  /// @param arbiterResults of all three
  @JsonTypeName("VERDICT")
  record VerdictGiven(
      long ts,
      String disputeId,
      String proposalId,
      Verdict verdict,
      List<CastVote> votes,
      List<ArbiterResult> arbiterResults,
      long resolvedAt,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long index)
      implements CourtMessage {}

  /// What the verdict did to ratings and stakes.
  @JsonTypeName("SETTLEMENT_COMPLETE")
  record SettlementComplete(
      long ts,
      String disputeId,
      String proposalId,
      Verdict verdict,
      RatingChanges ratingChanges,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long index)
      implements CourtMessage {}

  /// The case is closed without a verdict; the deal stands as before.
  @JsonTypeName("DISPUTE_FALLBACK")
  record DisputeFallback(
      long ts,
      String disputeId,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String proposalId,
      String reason,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long index)
      implements CourtMessage {}
}
