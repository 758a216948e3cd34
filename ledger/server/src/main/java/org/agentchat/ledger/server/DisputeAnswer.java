package org.agentchat.ledger.server;

import java.util.List;
import org.agentchat.ledger.Dispute;
import org.agentchat.ledger.Seat;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.statement.CourtStatement;
import org.agentchat.schemas.statement.Verdict;
import org.jspecify.annotations.Nullable;

/// A court case as it is served. Times are log times, milliseconds since 1970. Parties and arbiters
/// go by the first names of their accounts.
///
/// @param index of the entry that filed it
/// @param relay that recorded the filing, and whose nonce the draw wants
/// @param commitment of the disputant, `relayCommitment` of the relay: both hexadecimal SHA-256
/// @param seed what the draw of the panel followed from
/// @param evidence which sides have given theirs
/// @param deadline when time alone moves the case on; null once it is closed
/// @param fallback why it was closed without a verdict
record DisputeAnswer(
    String id,
    String proposalId,
    long index,
    AgentId disputant,
    AgentId respondent,
    String reason,
    String phase,
    String relay,
    String commitment,
    String relayCommitment,
    @Nullable String relayNonce,
    @Nullable String seed,
    List<Arbiter> arbiters,
    List<AgentId> evidence,
    @Nullable Verdict verdict,
    @Nullable String fallback,
    @Nullable Long deadline,
    long updatedAt) {

  /// One seat of the panel.
  ///
  /// @param respondBy when the assignment lapses, if it is not answered
  record Arbiter(
      AgentId arbiter,
      String state,
      long respondBy,
      @Nullable Verdict verdict,
      @Nullable String reasoning) {
    static Arbiter of(Seat seat) {
      return new Arbiter(
          seat.arbiter(), seat.state().word(), seat.respondBy(), seat.vote(), seat.reasoning());
    }
  }

  /// @param dispute as an effect carries it, with its statements
  static DisputeAnswer of(Dispute dispute) {
    CourtStatement.DisputeIntent intent = dispute.intent();
    List<AgentId> parties = List.of(dispute.disputant(), dispute.respondent());
    return new DisputeAnswer(
        dispute.id(),
        dispute.proposalId(),
        dispute.filedIndex(),
        dispute.disputant(),
        dispute.respondent(),
        intent.reason(),
        dispute.phase().word(),
        dispute.relay(),
        intent.commitment(),
        dispute.panel().commitment(),
        dispute.panel().nonce(),
        dispute.panel().seed(),
        dispute.panel().seats().stream().map(Arbiter::of).toList(),
        parties.stream().filter(party -> dispute.evidenceOf(party).isPresent()).toList(),
        dispute.verdict(),
        dispute.fallback(),
        dispute.deadline().isPresent() ? dispute.deadline().getAsLong() : null,
        dispute.changedAt());
  }
}
