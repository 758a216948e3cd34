package org.agentchat.ledger;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.agentchat.schemas.event.DisputeId;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.message.ArbiterResult;
import org.agentchat.schemas.statement.CourtStatement;
import org.agentchat.schemas.statement.Verdict;
import org.jspecify.annotations.Nullable;

/// An Agentcourt case and what became of it (protocol.md section 12). Times are log times,
/// milliseconds since 1970. Parties and arbiters go by the first names of their accounts, whichever
/// of their keys they signed with.
///
/// @param id see [DisputeId]
/// @param disputant the side that filed the case
/// @param relay the relay that recorded the filing, and whose nonce the draw wants
/// @param due when time alone moves the case on, except while arbiters are awaited
/// @param verdict once it is resolved
/// @param fallback why it was closed without a verdict, if it was
/// @param changedAt when the phase was reached
/// @param legs the statements of the case, in log order
/// @param evidence what the parties have given so far; nothing once the case is closed and was
///   asked of the [Ledger]
public record Dispute(
    String id,
    String proposalId,
    AgentId disputant,
    AgentId respondent,
    String relay,
    Phase phase,
    long due,
    Panel panel,
    @Nullable Verdict verdict,
    @Nullable String fallback,
    long changedAt,
    List<Proposal.Leg> legs,
    List<Submission> evidence) {

  /// Rating points that filing a case costs, unless the verdict is for who filed it.
  public static final int FILING_FEE = 10;

  /// Rating points that an arbiter has at risk from its acceptance to its vote.
  public static final int ARBITER_STAKE = 25;

  /// What an arbiter gains that voted as the verdict is.
  public static final int REWARD = 5;

  /// Cases that one side may file over one proposal.
  public static final int MAX_FILINGS = 3;

  /// Open cases that one agent may have filed: each keeps three arbiters from others.
  public static final int MAX_OPEN = 3;

  /// Evidence items that one side may give.
  public static final int MAX_ITEMS = 10;

  /// Longest statement that goes with them, in characters.
  public static final int MAX_STATEMENT_CHARS = 2_000;

  /// Longest reasoning of a vote, in characters.
  public static final int MAX_REASONING_CHARS = 500;

  /// How long the disputant has to reveal its nonce, and then the relay: 10 minutes.
  static final long REVEAL_TIME = 600_000;

  /// How long an arbiter has to answer: 30 minutes.
  static final long RESPONSE_TIME = 1_800_000;

  /// How long both sides may give evidence: one hour, never less.
  static final long EVIDENCE_TIME = 3_600_000;

  /// How long the arbiters may vote: one hour.
  static final long VOTING_TIME = 3_600_000;

  /// How long a closed case is still known to the fold: as long as a finished proposal.
  static final long MEMORY = Proposal.MEMORY;

  /// Where a case can be.
  public enum Phase {
    /// Filed; the disputant is to reveal its nonce.
    INTENT,
    /// Revealed; the relay is to reveal its nonce.
    REVEALED,
    /// The panel is drawn; its arbiters are to answer.
    PANEL,
    /// Both sides may give evidence.
    EVIDENCE,
    /// The arbiters may vote.
    VOTING,
    /// There is a verdict, and it is carried out.
    RESOLVED,
    /// Closed without a verdict.
    FALLBACK;

    /// The word that is served, in lower case.
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /// Whether anything can still happen.
    public boolean isOpen() {
      return this != RESOLVED && this != FALLBACK;
    }
  }

  /// One side's evidence: the side, and the statement that gave it.
  public record Submission(AgentId party, Proposal.Leg leg) {}

  /// Copies the lists.
  public Dispute {
    legs = List.copyOf(legs);
    evidence = List.copyOf(evidence);
  }

  static Dispute filed(
      String proposalId,
      AgentId disputant,
      AgentId respondent,
      Proposal.Leg leg,
      Panel panel,
      long now) {
    return new Dispute(
        DisputeId.of(leg.hash()),
        proposalId,
        disputant,
        respondent,
        leg.event().relay(),
        Phase.INTENT,
        now + REVEAL_TIME,
        panel,
        null,
        null,
        now,
        List.of(leg),
        List.of());
  }

  /// The log index of the statement that filed it.
  public long filedIndex() {
    return legs.getFirst().index();
  }

  /// Whether the agent is one of the two sides.
  public boolean isParty(AgentId agent) {
    return agent.equals(disputant) || agent.equals(respondent);
  }

  /// The statement that filed it.
  ///
  /// @throws IllegalStateException once the case is closed and was asked of the [Ledger]
  public CourtStatement.DisputeIntent intent() {
    return (CourtStatement.DisputeIntent) legs.getFirst().event().signed().statement();
  }

  /// The disputant's nonce, once it is revealed.
  Optional<String> nonce() {
    return legs.stream()
        .map(leg -> leg.event().signed().statement())
        .filter(CourtStatement.DisputeReveal.class::isInstance)
        .map(reveal -> ((CourtStatement.DisputeReveal) reveal).nonce())
        .findFirst();
  }

  /// The evidence that a side has given.
  public Optional<Proposal.Leg> evidenceOf(AgentId party) {
    return evidence.stream()
        .filter(given -> given.party().equals(party))
        .map(Submission::leg)
        .findFirst();
  }

  /// When time alone moves the case on.
  public OptionalLong deadline() {
    return switch (phase) {
      case INTENT, REVEALED, EVIDENCE, VOTING -> OptionalLong.of(due);
      case PANEL ->
          panel.seats().stream().filter(seat -> !seat.isTaken()).mapToLong(Seat::respondBy).min();
      case RESOLVED, FALLBACK -> OptionalLong.empty();
    };
  }

  /// What each arbiter found, and what it has of it.
  ///
  /// @throws NullPointerException before the verdict
  public List<ArbiterResult> results() {
    return CourtSettlement.results(this);
  }

  /// What of the filing fee is lost.
  public static int feeLost(Verdict verdict) {
    return verdict == Verdict.DISPUTANT ? 0 : FILING_FEE;
  }

  /// Who took the duty on and did not vote loses what it had at risk.
  ///
  /// @param vote null when there was none
  public static int reward(@Nullable Verdict vote, Verdict verdict) {
    if (vote == null) {
      return -ARBITER_STAKE;
    }
    return vote == verdict ? REWARD : 0;
  }

  /// What two of the three arbiters found, or [Verdict#MUTUAL].
  ///
  /// @param votes of those who voted
  public static Verdict majority(List<Verdict> votes) {
    return List.of(Verdict.DISPUTANT, Verdict.RESPONDENT).stream()
        .filter(verdict -> Collections.frequency(votes, verdict) > Panel.SIZE / 2)
        .findFirst()
        .orElse(Verdict.MUTUAL);
  }

  /// The winner of a verdict, unless both are at fault.
  Optional<AgentId> winner() {
    return switch (Objects.requireNonNull(verdict, id)) {
      case DISPUTANT -> Optional.of(disputant);
      case RESPONDENT -> Optional.of(respondent);
      case MUTUAL -> Optional.empty();
    };
  }

  Dispute moved(Phase next, long nextDue, long now) {
    return new Dispute(
        id,
        proposalId,
        disputant,
        respondent,
        relay,
        next,
        nextDue,
        panel,
        verdict,
        fallback,
        now,
        legs,
        evidence);
  }

  Dispute with(Panel changed) {
    return new Dispute(
        id,
        proposalId,
        disputant,
        respondent,
        relay,
        phase,
        due,
        changed,
        verdict,
        fallback,
        changedAt,
        legs,
        evidence);
  }

  Dispute with(Proposal.Leg leg) {
    List<Proposal.Leg> all = new ArrayList<>(legs);
    all.add(leg);
    return with(all, evidence);
  }

  /// The case with a side's evidence, whose statement is one of its legs already.
  Dispute given(AgentId party, Proposal.Leg leg) {
    List<Submission> more = new ArrayList<>(evidence);
    more.add(new Submission(party, leg));
    return with(legs, more);
  }

  private Dispute with(List<Proposal.Leg> all, List<Submission> submitted) {
    return new Dispute(
        id,
        proposalId,
        disputant,
        respondent,
        relay,
        phase,
        due,
        panel,
        verdict,
        fallback,
        changedAt,
        all,
        submitted);
  }

  Verdict majority() {
    return majority(panel.seats().stream().map(Seat::vote).filter(Objects::nonNull).toList());
  }

  Dispute resolved(long now) {
    return closed(Phase.RESOLVED, majority(), null, now);
  }

  Dispute fellBack(String why, long now) {
    return closed(Phase.FALLBACK, null, why, now);
  }

  private Dispute closed(Phase end, @Nullable Verdict found, @Nullable String why, long now) {
    return new Dispute(
        id,
        proposalId,
        disputant,
        respondent,
        relay,
        end,
        now,
        panel,
        found,
        why,
        now,
        legs,
        evidence);
  }

  /// What is kept of a closed case: who, what end and when, but none of its texts.
  Dispute tombstone() {
    Proposal.Leg first = legs.getFirst();
    return with(List.of(new Proposal.Leg(first.index(), first.hash(), null)), List.of())
        .with(panel.tombstone());
  }
}
