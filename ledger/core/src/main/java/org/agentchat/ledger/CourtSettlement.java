package org.agentchat.ledger;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.message.ArbiterResult;
import org.agentchat.schemas.message.RatingChange;
import org.agentchat.schemas.message.RatingChanges;
import org.agentchat.schemas.message.StakeOutcome;
import org.agentchat.schemas.statement.Verdict;
import org.jspecify.annotations.Nullable;

/// What a verdict does to the parties and the arbiters (reputation.md section 2). Pure: it says
/// what is to change; the [Court] changes it.
///
/// @param changes of the disputant, the respondent, then the arbiters by their seats
/// @param winner by its present name, unless both sides are at fault
/// @param won what the winner receives of the other side's stake
record CourtSettlement(
    Dispute dispute,
    Proposal deal,
    List<Settlement.Change> changes,
    @Nullable AgentId winner,
    int won) {
  /// The K-factor of a verdict, whatever the deal was worth and however long its sides are known.
  static final int K_FACTOR = 16;

  /// What a verdict moves on the two sides, before stakes and fee.
  record Points(int disputant, int respondent) {
    static Points of(Verdict verdict, int disputantRating, int respondentRating, double k) {
      double expected = Elo.expected(disputantRating, respondentRating);
      int disputantLoss = loss(k * expected);
      int respondentLoss = loss(k * (1 - expected));
      return switch (verdict) {
        case DISPUTANT -> new Points(gain(respondentLoss), -respondentLoss);
        case RESPONDENT -> new Points(-disputantLoss, gain(disputantLoss));
        case MUTUAL -> new Points(-disputantLoss, -respondentLoss);
      };
    }

    private static int loss(double points) {
      return (int) Math.max(1, StrictMath.round(points));
    }

    private static int gain(int loss) {
      return Math.max(1, Elo.winnings(loss));
    }
  }

  /// @param resolved the case with its verdict
  static CourtSettlement of(Dispute resolved, Proposal deal, Accounts accounts) {
    Account disputant = accounts.get(resolved.disputant());
    Account respondent = accounts.get(resolved.respondent());
    Verdict verdict = Objects.requireNonNull(resolved.verdict(), resolved.id());
    Points points = Points.of(verdict, disputant.rating(), respondent.rating(), K_FACTOR);
    Stakes stakes = Stakes.of(resolved, deal, accounts);
    List<Settlement.Change> changes = new ArrayList<>();
    changes.add(
        Settlement.Change.of(
            disputant,
            points.disputant()
                + stakePoints(verdict, Verdict.DISPUTANT, stakes)
                - Dispute.feeLost(verdict)));
    changes.add(
        Settlement.Change.of(
            respondent, points.respondent() + stakePoints(verdict, Verdict.RESPONDENT, stakes)));
    for (Seat seat : resolved.panel().seats()) {
      changes.add(
          Settlement.Change.of(accounts.get(seat.arbiter()), Dispute.reward(seat.vote(), verdict)));
    }
    AgentId winner = resolved.winner().map(first -> accounts.get(first).id()).orElse(null);
    int won = winner == null ? 0 : stakes.of(other(verdict));
    return new CourtSettlement(resolved, deal, List.copyOf(changes), winner, won);
  }

  /// What the two sides have at risk in the deal.
  private record Stakes(int disputant, int respondent) {
    static Stakes of(Dispute dispute, Proposal deal, Accounts accounts) {
      return accounts.isSame(dispute.disputant(), deal.from())
          ? new Stakes(deal.proposerStake(), deal.acceptorStake())
          : new Stakes(deal.acceptorStake(), deal.proposerStake());
    }

    int of(Verdict side) {
      return side == Verdict.DISPUTANT ? disputant : respondent;
    }
  }

  private static Verdict other(Verdict side) {
    return side == Verdict.DISPUTANT ? Verdict.RESPONDENT : Verdict.DISPUTANT;
  }

  /// A winner receives the other side's stake, everybody else loses its own.
  private static int stakePoints(Verdict verdict, Verdict side, Stakes stakes) {
    return verdict == side ? stakes.of(other(side)) : -stakes.of(side);
  }

  /// What each arbiter of a resolved case found, and what it has of it.
  static List<ArbiterResult> results(Dispute resolved) {
    Verdict verdict = Objects.requireNonNull(resolved.verdict(), resolved.id());
    return resolved.panel().seats().stream()
        .map(seat ->
            new ArbiterResult(
                seat.arbiter(),
                seat.vote(),
                seat.reasoning(),
                Dispute.reward(seat.vote(), verdict)))
        .toList();
  }

  RatingChanges wire() {
    Map<String, RatingChange> agents = new LinkedHashMap<>();
    for (Settlement.Change change : changes) {
      agents.put(change.agent().toString(), change.wire());
    }
    return new RatingChanges(agents, stakeOutcome());
  }

  /// As a dispute without a court, it always says what became of the stakes.
  private StakeOutcome stakeOutcome() {
    int proposer = deal.proposerStake();
    int acceptor = deal.acceptorStake();
    return winner == null
        ? StakeOutcome.burned(proposer, acceptor)
        : StakeOutcome.transferred(proposer, acceptor, winner.toString(), won);
  }
}
