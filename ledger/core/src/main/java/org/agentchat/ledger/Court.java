package org.agentchat.ledger;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.receipt.Receipt;
import org.agentchat.schemas.statement.CourtStatement;
import org.jspecify.annotations.Nullable;

/// Carries out what is said in Agentcourt cases, and what follows when nothing is said in time
/// (protocol.md section 12). [CourtAdmission] has said before that it applies.
final class Court {
  static final String REVEAL_MISSING = "Reveal timeout expired";
  static final String RELAY_NONCE_MISSING = "Relay nonce not revealed in time";
  static final String NO_REPLACEMENT = "Unable to form arbiter panel after replacements";

  private final Accounts accounts;
  private final Pairs pairs;
  private final Proposals proposals;
  private final Docket docket;
  private final Bench bench;

  Court(Accounts accounts, Pairs pairs, Proposals proposals, Docket docket) {
    this.accounts = accounts;
    this.pairs = pairs;
    this.proposals = proposals;
    this.docket = docket;
    this.bench = new Bench(accounts, pairs, docket);
  }

  /// The account that a statement in court is by, whichever of its keys signed it. Whatever asks in
  /// a case whether somebody is a party, an arbiter or a witness compares this.
  static AgentId speaker(Event.Stated event, Accounts accounts) {
    return accounts.owner(event.signed().key().id());
  }

  /// Those of the agents who may judge a deal, in the order in which they are given and by the
  /// first names of their accounts.
  List<AgentId> eligible(List<AgentId> agents, Proposal deal, long now) {
    return bench.among(agents, deal.from(), deal.to(), now);
  }

  void hear(Proposal.Leg leg, CourtStatement said, long now, String origin, List<Effect> effects) {
    AgentId speaker = speaker(leg.event(), accounts);
    switch (said) {
      case CourtStatement.DisputeIntent intent -> file(leg, intent, speaker, now, effects);
      case CourtStatement.DisputeReveal reveal -> reveal(leg, reveal, now, effects);
      case CourtStatement.ArbiterAccept accept ->
          accept(with(accept.disputeId(), leg), speaker, now, effects);
      case CourtStatement.ArbiterDecline decline ->
          replace(with(decline.disputeId(), leg), List.of(speaker), now, effects);
      case CourtStatement.Evidence evidence -> {
        Dispute given = with(evidence.disputeId(), leg).given(speaker, leg);
        docket.put(given);
        effects.add(new CourtEffect.EvidenceGiven(given, speaker, evidence.itemCount()));
      }
      case CourtStatement.ArbiterVote vote ->
          vote(with(vote.disputeId(), leg), vote, speaker, leg.index(), now, origin, effects);
    }
  }

  private Dispute with(String disputeId, Proposal.Leg leg) {
    return docket.find(disputeId).orElseThrow().with(leg);
  }

  private void file(
      Proposal.Leg leg,
      CourtStatement.DisputeIntent intent,
      AgentId disputant,
      long now,
      List<Effect> effects) {
    Proposal accepted = proposals.find(intent.proposalId()).orElseThrow();
    Proposal contested =
        accepted.contested(new Proposal.Filing(disputant, intent.commitment()), now);
    Event.Pool pool = Objects.requireNonNull(leg.event().pool(), "admitted without a pool");
    Panel panel = Panel.pooled(eligible(pool.agents(), contested, now), pool.commitment());
    AgentId respondent =
        accounts.owner(
            accounts.isSame(disputant, contested.from()) ? contested.to() : contested.from());
    Dispute filed = Dispute.filed(contested.id(), disputant, respondent, leg, panel, now);
    proposals.put(contested);
    hold(disputant, Dispute.FILING_FEE);
    docket.put(filed);
    effects.add(new CourtEffect.DisputeFiled(filed, contested));
  }

  private void reveal(
      Proposal.Leg leg, CourtStatement.DisputeReveal reveal, long now, List<Effect> effects) {
    Dispute revealed =
        docket
            .openOver(reveal.proposalId())
            .orElseThrow()
            .with(leg)
            .moved(Dispute.Phase.REVEALED, now + Dispute.REVEAL_TIME, now);
    docket.put(revealed);
    effects.add(new CourtEffect.NonceRevealed(revealed));
  }

  /// Draws the panel. Who is not eligible any more is passed over in the order of the draw.
  void draw(Event.PanelNonce revealed, long now, List<Effect> effects) {
    Dispute dispute = docket.find(revealed.disputeId()).orElseThrow();
    Proposal deal = proposals.find(dispute.proposalId()).orElseThrow();
    List<AgentId> eligible = eligible(dispute.panel().pool(), deal, now);
    if (eligible.size() < Panel.SIZE) {
      String reason =
          "Insufficient eligible arbiters (%d available, %d required)"
              .formatted(eligible.size(), Panel.SIZE);
      fallBack(dispute, reason, isRepeated(dispute), now, effects);
      return;
    }
    String seed = Panel.seed(dispute.proposalId(), dispute.nonce().orElseThrow(), revealed.nonce());
    Panel drawn =
        dispute.panel().draw(eligible, revealed.nonce(), seed, now + Dispute.RESPONSE_TIME);
    Dispute formed = dispute.with(drawn).moved(Dispute.Phase.PANEL, now, now);
    docket.put(formed);
    effects.add(new CourtEffect.PanelFormed(formed));
  }

  private void accept(Dispute dispute, AgentId arbiter, long now, List<Effect> effects) {
    Seat seat = dispute.panel().seatOf(arbiter).orElseThrow();
    Dispute accepted = dispute.with(dispute.panel().with(arbiter, seat.accepted()));
    hold(arbiter, Dispute.ARBITER_STAKE);
    boolean complete = accepted.panel().isComplete();
    Dispute next =
        complete
            ? accepted.moved(Dispute.Phase.EVIDENCE, now + Dispute.EVIDENCE_TIME, now)
            : accepted;
    docket.put(next);
    effects.add(new CourtEffect.ArbiterAccepted(next, arbiter));
    if (complete) {
      effects.add(new CourtEffect.EvidenceOpened(next));
    }
  }

  /// Gives the seats of those who declined or said nothing to the next of the draw.
  private void replace(Dispute dispute, List<AgentId> gone, long now, List<Effect> effects) {
    Dispute changed = dispute;
    for (AgentId arbiter : gone) {
      Seat seat = changed.panel().seatOf(arbiter).orElseThrow();
      Optional<AgentId> next =
          seat.replacements() < Panel.MAX_REPLACEMENTS ? next(changed, now) : Optional.empty();
      if (next.isEmpty()) {
        fallBack(changed, NO_REPLACEMENT, isRepeated(changed), now, effects);
        return;
      }
      Seat given = seat.replacedBy(next.get(), now + Dispute.RESPONSE_TIME);
      changed = changed.with(changed.panel().with(arbiter, given));
      effects.add(new CourtEffect.ArbiterReplaced(changed, arbiter, given));
    }
    docket.put(changed);
  }

  private Optional<AgentId> next(Dispute dispute, long now) {
    return bench
        .among(dispute.panel().undrawn(), dispute.disputant(), dispute.respondent(), now)
        .stream()
        .findFirst();
  }

  private void vote(
      Dispute dispute,
      CourtStatement.ArbiterVote vote,
      AgentId arbiter,
      long index,
      long now,
      String origin,
      List<Effect> effects) {
    Seat seat = dispute.panel().seatOf(arbiter).orElseThrow();
    Dispute voted =
        dispute.with(dispute.panel().with(arbiter, seat.voted(vote.verdict(), vote.reasoning())));
    docket.put(voted);
    effects.add(new CourtEffect.VoteCast(voted, arbiter));
    if (voted.panel().hasVoted()) {
      resolve(voted, index, now, origin, effects);
    }
  }

  /// Moves a case on whose time is up.
  ///
  /// @param index of the entry that says so
  void expire(Dispute dispute, long index, long now, String origin, List<Effect> effects) {
    switch (dispute.phase()) {
      case INTENT -> fallBack(dispute, REVEAL_MISSING, true, now, effects);
      case REVEALED -> fallBack(dispute, RELAY_NONCE_MISSING, isRepeated(dispute), now, effects);
      case PANEL -> replace(dispute, silent(dispute, now), now, effects);
      case EVIDENCE -> {
        Dispute ready = dispute.moved(Dispute.Phase.VOTING, now + Dispute.VOTING_TIME, now);
        docket.put(ready);
        Proposal deal = proposals.find(dispute.proposalId()).orElseThrow();
        effects.add(new CourtEffect.VotingOpened(ready, deal));
      }
      case VOTING -> resolve(dispute, index, now, origin, effects);
      case RESOLVED, FALLBACK ->
          throw new IllegalStateException("a closed case has no deadline: " + dispute.id());
    }
  }

  private static List<AgentId> silent(Dispute dispute, long now) {
    return dispute.panel().seats().stream()
        .filter(seat -> seat.isSilent(now))
        .map(Seat::arbiter)
        .toList();
  }

  /// Carries out what the panel has found: status, stakes, fee, ratings and receipt in one step.
  private void resolve(Dispute dispute, long index, long now, String origin, List<Effect> effects) {
    Proposal contested = proposals.find(dispute.proposalId()).orElseThrow();
    Dispute resolved = dispute.resolved(now);
    CourtSettlement settlement = CourtSettlement.of(resolved, contested, accounts);
    Proposal ended = contested.judged(resolved.legs(), now);
    List<Effect.RatingChanged> ratings = ratings(settlement);

    proposals.put(ended);
    docket.put(resolved);
    pairs.deal(accounts.owner(ended.from()), accounts.owner(ended.to()), now);
    freePoints(dispute);
    freeStakes(contested);
    for (Settlement.Change change : settlement.changes()) {
      accounts.put(moved(change, capabilityOf(contested, change.agent()), now));
    }

    effects.add(new CourtEffect.VerdictReached(resolved, ended, settlement.wire()));
    if (contested.escrowed()) {
      effects.add(new Effect.StakeSettled(ended, settlement.winner(), settlement.won()));
    }
    effects.addAll(ratings);
    // Written now: it names people as they are called now.
    Receipt receipt = Receipts.ofVerdict(ended, settlement, accounts, index, origin);
    effects.add(new Effect.ReceiptIssued(() -> receipt));
  }

  /// The effects on ratings; those of the parties move in the deal's skill too.
  private List<Effect.RatingChanged> ratings(CourtSettlement settlement) {
    return settlement.changes().stream()
        .flatMap(change ->
            change
                .effects(
                    settlement.deal(),
                    accounts.get(change.agent()),
                    capabilityOf(settlement.deal(), change.agent()))
                .stream())
        .toList();
  }

  private @Nullable String capabilityOf(Proposal deal, AgentId agent) {
    boolean isParty = accounts.isSame(agent, deal.from()) || accounts.isSame(agent, deal.to());
    return isParty ? deal.terms().capability() : null;
  }

  private Account moved(Settlement.Change change, @Nullable String capability, long now) {
    Account account = accounts.get(change.agent());
    Account changed = account.changed(change.points(), now);
    return capability == null || !account.takesSkill(capability)
        ? changed
        : changed.withSkill(capability, change.points(), now);
  }

  /// Whether the disputant has filed a case over the same deal before. One that finds no panel
  /// holds the other side up and costs nothing; from the second on it costs the fee.
  private boolean isRepeated(Dispute dispute) {
    return proposals.find(dispute.proposalId()).orElseThrow().filingsOf(dispute.disputant()) > 1;
  }

  /// Closes a case without a verdict: the deal goes on, with its stakes and as long as ever.
  private void fallBack(
      Dispute dispute, String reason, boolean feeLost, long now, List<Effect> effects) {
    Dispute closed = dispute.fellBack(reason, now);
    Proposal reopened = proposals.find(dispute.proposalId()).orElseThrow().reopened(now);
    docket.put(closed);
    freePoints(dispute);
    proposals.put(reopened);
    effects.add(new CourtEffect.DisputeFellBack(closed, reopened, feeLost));
    if (feeLost) {
      effects.add(chargeFee(dispute, now));
    }
    if (reopened.escrowed() && reopened.deadline().orElseThrow() <= now) {
      freeStakes(reopened);
      proposals.put(reopened.released());
      effects.add(new Effect.StakeSettled(reopened, null, 0));
    }
  }

  private Effect chargeFee(Dispute dispute, long now) {
    Account before = accounts.get(dispute.disputant());
    Account after = before.charged(Dispute.FILING_FEE, now);
    accounts.put(after);
    return new Effect.RatingChanged(
        before.id(),
        dispute.proposalId(),
        before.rating(),
        after.rating(),
        -Dispute.FILING_FEE,
        after.transactions(),
        null);
  }

  /// Lets go what the case itself held: the fee, and the stakes of its arbiters.
  private void freePoints(Dispute dispute) {
    hold(dispute.disputant(), -Dispute.FILING_FEE);
    dispute.panel().arbiters().forEach(arbiter -> hold(arbiter, -Dispute.ARBITER_STAKE));
  }

  private void freeStakes(Proposal deal) {
    if (deal.escrowed()) {
      hold(deal.from(), -deal.proposerStake());
      hold(deal.to(), -deal.acceptorStake());
    }
  }

  private void hold(AgentId agent, int points) {
    accounts.put(accounts.get(agent).withStake(points));
  }
}
