package org.agentchat.ledger;

import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.message.RatingChanges;

/// What happened in an Agentcourt case. Whoever gains, loses, stakes or gets back points in one is
/// named by the effect: the parties, or the arbiters of its panel. All of them go by the first
/// names of their accounts.
public sealed interface CourtEffect extends Effect {
  /// The case as it stands afterwards.
  Dispute dispute();

  /// A case was filed: its fee is held, its proposal waits for it.
  record DisputeFiled(Dispute dispute, Proposal proposal) implements CourtEffect {}

  /// The disputant's nonce is known: the relay that recorded the case is to reveal its own.
  record NonceRevealed(Dispute dispute) implements CourtEffect {}

  /// The panel is drawn and its arbiters are asked.
  record PanelFormed(Dispute dispute) implements CourtEffect {}

  /// An arbiter took the duty on; its points are held.
  record ArbiterAccepted(Dispute dispute, AgentId arbiter) implements CourtEffect {}

  /// An arbiter declined or said nothing in time, and another is asked.
  record ArbiterReplaced(Dispute dispute, AgentId gone, Seat seat) implements CourtEffect {}

  /// Every arbiter accepted: both sides may give evidence until the deadline.
  record EvidenceOpened(Dispute dispute) implements CourtEffect {}

  /// One side gave its evidence.
  record EvidenceGiven(Dispute dispute, AgentId from, int items) implements CourtEffect {}

  /// The evidence is complete: the arbiters may vote until the deadline.
  record VotingOpened(Dispute dispute, Proposal proposal) implements CourtEffect {}

  /// An arbiter has voted.
  record VoteCast(Dispute dispute, AgentId arbiter) implements CourtEffect {}

  /// There is a verdict, and proposal, stakes, fee and ratings are settled by it.
  ///
  /// @param changes of the disputant, the respondent and the arbiters, in this order
  record VerdictReached(Dispute dispute, Proposal proposal, RatingChanges changes)
      implements CourtEffect {}

  /// The case is closed without a verdict; the proposal is as it was before, with time to go on.
  ///
  /// @param feeLost whether the disputant was at fault
  record DisputeFellBack(Dispute dispute, Proposal proposal, boolean feeLost)
      implements CourtEffect {}
}
