package org.agentchat.ledger;

import java.util.Optional;
import java.util.OptionalLong;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.Sha256;
import org.agentchat.schemas.statement.CourtStatement;
import org.jspecify.annotations.Nullable;

/// Which statements in court apply: reads the state, changes nothing. The checks have the order of
/// protocol.md section 12, the details of refusals its words.
final class CourtAdmission {
  private final Accounts accounts;
  private final Proposals proposals;
  private final Docket docket;

  CourtAdmission(Accounts accounts, Proposals proposals, Docket docket) {
    this.accounts = accounts;
    this.proposals = proposals;
    this.docket = docket;
  }

  /// Where the open case over a proposal was filed, if there is one.
  OptionalLong filedOver(String proposalId) {
    return docket.openOver(proposalId).stream().mapToLong(Dispute::filedIndex).findFirst();
  }

  Optional<Refusal> check(Event.Stated event, CourtStatement said, long now) {
    AgentId speaker = Court.speaker(event, accounts);
    return switch (said) {
      case CourtStatement.DisputeIntent intent -> checkIntent(speaker, intent, event.pool(), now);
      case CourtStatement.DisputeReveal reveal -> checkReveal(speaker, reveal);
      case CourtStatement.Evidence evidence -> checkEvidence(speaker, evidence, now);
      case CourtStatement.ArbiterAccept accept ->
          checkAnswer(speaker, accept.disputeId(), now)
              .or(() -> checkBench(speaker))
              .or(() -> checkFree(speaker, Dispute.ARBITER_STAKE, now));
      case CourtStatement.ArbiterDecline decline -> checkAnswer(speaker, decline.disputeId(), now);
      case CourtStatement.ArbiterVote vote -> checkVote(speaker, vote, now);
    };
  }

  private Optional<Refusal> checkIntent(
      AgentId speaker, CourtStatement.DisputeIntent intent, Event.@Nullable Pool pool, long now) {
    Optional<Proposal> found = proposals.find(intent.proposalId(), now);
    if (found.isEmpty()) {
      return refusal(Refusal.Code.PROPOSAL_NOT_FOUND, "no proposal " + intent.proposalId());
    }
    Proposal proposal = found.get();
    boolean contested = proposal.status() == Proposal.Status.CONTESTED;
    boolean accepted = proposal.status() == Proposal.Status.ACCEPTED && !proposal.isGivenUp(now);
    if (!contested && !accepted) {
      return refusal(Refusal.Code.PROPOSAL_NOT_DISPUTABLE, "Can only dispute accepted proposals");
    }
    if (!accounts.isSame(speaker, proposal.from()) && !accounts.isSame(speaker, proposal.to())) {
      return refusal(Refusal.Code.NOT_PROPOSAL_PARTY, "Not a party to this proposal");
    }
    Optional<Refusal> started = EscrowAdmission.checkStarted(proposal);
    if (started.isPresent()) {
      return started;
    }
    if (contested || proposal.hasFiling(intent.commitment())) {
      return refusal(
          Refusal.Code.DISPUTE_ALREADY_EXISTS,
          "Agentcourt dispute already filed for this proposal");
    }
    if (proposal.filingsOf(speaker) >= Dispute.MAX_FILINGS) {
      return refusal(
          Refusal.Code.DISPUTE_ALREADY_EXISTS,
          "Agentcourt disputes filed by %s for this proposal: %d, the most that are allowed"
              .formatted(accounts.get(speaker).id(), Dispute.MAX_FILINGS));
    }
    if (docket.openOf(speaker) >= Dispute.MAX_OPEN) {
      return refusal(
          Refusal.Code.TOO_MANY_OPEN,
          accounts.get(speaker).id()
              + " has "
              + Dispute.MAX_OPEN
              + " open disputes, the most that are allowed");
    }
    if (pool == null) {
      return refusal(Refusal.Code.POOL_MISSING, "a case is filed with a pool of arbiters");
    }
    return checkFree(speaker, Dispute.FILING_FEE, now);
  }

  private Optional<Refusal> checkReveal(AgentId speaker, CourtStatement.DisputeReveal reveal) {
    Optional<Dispute> found = docket.openOver(reveal.proposalId());
    if (found.isEmpty()) {
      return refusal(Refusal.Code.DISPUTE_NOT_FOUND, "No pending dispute for this proposal");
    }
    Dispute dispute = found.get();
    if (!dispute.disputant().equals(speaker)) {
      return refusal(Refusal.Code.DISPUTE_NOT_PARTY, "Only the disputant can reveal");
    }
    boolean matches = Sha256.hex(reveal.nonce()).equals(dispute.intent().commitment());
    return dispute.phase() == Dispute.Phase.INTENT && matches
        ? Optional.empty()
        : refusal(Refusal.Code.DISPUTE_COMMITMENT_MISMATCH, "Nonce does not match commitment");
  }

  private Optional<Refusal> checkEvidence(
      AgentId speaker, CourtStatement.Evidence evidence, long now) {
    Optional<Dispute> found = docket.find(evidence.disputeId(), now);
    if (found.isEmpty()) {
      return unknownCase();
    }
    Dispute dispute = found.get();
    if (!dispute.isParty(speaker)) {
      return refusal(Refusal.Code.DISPUTE_NOT_PARTY, "Not a party to this dispute");
    }
    boolean wanted =
        dispute.phase() == Dispute.Phase.EVIDENCE
            && dispute.evidenceOf(speaker).isEmpty()
            && evidence.itemCount() <= Dispute.MAX_ITEMS
            && evidence.statement().length() <= Dispute.MAX_STATEMENT_CHARS;
    return wanted
        ? Optional.empty()
        : refusal(
            Refusal.Code.DISPUTE_DEADLINE_PASSED,
            "Evidence submission failed (deadline passed or limit exceeded)");
  }

  private Optional<Refusal> checkAnswer(AgentId speaker, String disputeId, long now) {
    Optional<Dispute> found = docket.find(disputeId, now);
    if (found.isEmpty()) {
      return unknownCase();
    }
    boolean asked =
        found.get().phase() == Dispute.Phase.PANEL
            && found.get().panel().seatOf(speaker).filter(seat -> !seat.isTaken()).isPresent();
    return asked
        ? Optional.empty()
        : refusal(Refusal.Code.DISPUTE_NOT_ARBITER, "Not a pending arbiter for this dispute");
  }

  /// An arbiter may be asked in more cases than it may judge.
  private Optional<Refusal> checkBench(AgentId speaker) {
    return docket.panelsOf(speaker) < Bench.MAX_PANELS
        ? Optional.empty()
        : refusal(
            Refusal.Code.DISPUTE_NOT_ARBITER,
            "On %d panels already, the most that are allowed".formatted(Bench.MAX_PANELS));
  }

  private Optional<Refusal> checkVote(AgentId speaker, CourtStatement.ArbiterVote vote, long now) {
    Optional<Dispute> found = docket.find(vote.disputeId(), now);
    if (found.isEmpty()) {
      return unknownCase();
    }
    Dispute dispute = found.get();
    boolean mayVote =
        dispute.phase() == Dispute.Phase.VOTING
            && dispute
                .panel()
                .seatOf(speaker)
                .filter(seat -> seat.state() == Seat.State.ACCEPTED)
                .isPresent()
            && vote.reasoning().length() <= Dispute.MAX_REASONING_CHARS;
    return mayVote
        ? Optional.empty()
        : refusal(
            Refusal.Code.DISPUTE_NOT_ARBITER,
            "Cannot vote: not an accepted arbiter, wrong phase, or deadline passed");
  }

  /// Whether the relay's nonce is the one that the case waits for.
  Optional<Refusal> checkNonce(Event.PanelNonce revealed) {
    Optional<Dispute> found = docket.find(revealed.disputeId());
    if (found.isEmpty()) {
      return unknownCase();
    }
    Dispute dispute = found.get();
    boolean wanted =
        dispute.phase() == Dispute.Phase.REVEALED
            && dispute.relay().equals(revealed.relay())
            && Sha256.hex(revealed.nonce()).equals(dispute.panel().commitment());
    return wanted
        ? Optional.empty()
        : refusal(
            Refusal.Code.DISPUTE_COMMITMENT_MISMATCH,
            "not the nonce that " + dispute.relay() + " committed to, or not its time");
  }

  /// An arbiter's points were free when it was drawn; they may be at risk elsewhere by now.
  private Optional<Refusal> checkFree(AgentId agent, int wanted, long now) {
    int released = proposals.releasedStakes(agent, now);
    int available = accounts.get(agent).withStake(-released).available();
    return wanted <= available
        ? Optional.empty()
        : refusal(
            Refusal.Code.COURT_INSUFFICIENT,
            "Insufficient ELO. Available: " + available + ", Requested: " + wanted);
  }

  private static Optional<Refusal> unknownCase() {
    return refusal(Refusal.Code.DISPUTE_NOT_FOUND, "Dispute not found");
  }

  private static Optional<Refusal> refusal(Refusal.Code code, String detail) {
    return Optional.of(new Refusal(code, detail));
  }
}
