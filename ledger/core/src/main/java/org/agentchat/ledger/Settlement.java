package org.agentchat.ledger;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.message.RatingChange;
import org.agentchat.schemas.message.RatingChanges;
import org.agentchat.schemas.message.StakeOutcome;
import org.jspecify.annotations.Nullable;

/// What the end of a deal does to its two sides (reputation.md sections 2 and 3). Pure: it says
/// what is to change; the [Ledger] changes it.
///
/// @param winner who receives the other side's stake, or null when each has its own back
/// @param won what the winner receives of it
record Settlement(Proposal deal, List<Change> changes, @Nullable AgentId winner, int won) {
  /// One side's change.
  ///
  /// @param points before the floor
  /// @param transactions with this deal
  record Change(AgentId agent, int oldRating, int newRating, int points, int transactions) {
    static Change of(Account account, int points) {
      return new Change(
          account.id(),
          account.rating(),
          Elo.floored(account.rating(), points),
          points,
          account.transactions() + 1);
    }

    /// The same points on the agent's rating in one skill.
    Change of(Account.Skill skill) {
      return new Change(
          agent,
          skill.rating(),
          Elo.floored(skill.rating(), points),
          points,
          skill.transactions() + 1);
    }

    RatingChange wire() {
      return new RatingChange(oldRating, newRating, points, transactions);
    }

    /// The effect on the agent's rating, followed by that on its skill's.
    ///
    /// @param account as it is before the deal's end
    List<Effect.RatingChanged> effects(
        Proposal deal, Account account, @Nullable String capability) {
      Effect.RatingChanged own = effect(deal, null);
      if (capability == null || !account.takesSkill(capability)) {
        return List.of(own);
      }
      Account.Skill skill = account.skills().getOrDefault(capability, Account.Skill.NEW);
      return List.of(own, of(skill).effect(deal, capability));
    }

    private Effect.RatingChanged effect(Proposal deal, @Nullable String capability) {
      return new Effect.RatingChanged(
          agent, deal.id(), oldRating, newRating, points, transactions, capability);
    }

    static Change none(Account account) {
      return moved(account, 0);
    }

    /// Points change hands, but no deal counts.
    static Change moved(Account account, int points) {
      return new Change(
          account.id(),
          account.rating(),
          Elo.floored(account.rating(), points),
          points,
          account.transactions());
    }
  }

  /// Both sides gain, less with every deal of the same pair.
  ///
  /// @param completions how often the pair has completed, this time included
  static Settlement completed(Proposal deal, Account from, Account to, int completions) {
    double amount = deal.terms().weight();
    int fromGain = Elo.gain(from.rating(), to.rating(), from.kFactor(), amount, completions);
    int toGain = Elo.gain(to.rating(), from.rating(), to.kFactor(), amount, completions);
    return new Settlement(deal, List.of(Change.of(from, fromGain), Change.of(to, toGain)), null, 0);
  }

  /// The deal is done, but it moves no rating.
  static Settlement coolingDown(Proposal deal, Account from, Account to) {
    return new Settlement(deal, List.of(Change.none(from), Change.none(to)), null, 0);
  }

  /// Who disputes wins half of what the other side loses, and its stake. The first time of a pair
  /// that is the reference's to the point, also where the loser's rating is at the floor; from the
  /// second on it is less each time, and nobody wins what the other does not lose.
  ///
  /// @param by the name of either account's key, not that under which the deal was made
  /// @param disputes how often the pair has disputed, this time included
  static Settlement disputed(Proposal deal, Account from, Account to, AgentId by, int disputes) {
    boolean byProposer = by.equals(from.id());
    Account winner = byProposer ? from : to;
    Account loser = byProposer ? to : from;
    int stake = byProposer ? deal.acceptorStake() : deal.proposerStake();
    double weight = deal.terms().weight();
    int loss = Elo.loss(loser.rating(), winner.rating(), loser.kFactor(), weight, disputes);
    int most = disputes == 1 ? Integer.MAX_VALUE : toLose(loser);
    int gain = Math.min(Elo.winnings(loss) + stake, most);
    Change won = Change.of(winner, gain);
    Change lost = Change.of(loser, -loss - stake);
    List<Change> changes = byProposer ? List.of(won, lost) : List.of(lost, won);
    return new Settlement(deal, changes, winner.id(), Math.min(stake, most));
  }

  /// A dispute of a pair that has disputed within the hour: the stake goes to who disputes, as far
  /// as the other side still has it. It is no further deal.
  static Settlement disputedAgain(Proposal deal, Account from, Account to, AgentId by) {
    boolean byProposer = by.equals(from.id());
    Account winner = byProposer ? from : to;
    Account loser = byProposer ? to : from;
    int stake = byProposer ? deal.acceptorStake() : deal.proposerStake();
    int moved = Math.min(stake, toLose(loser));
    Change won = Change.moved(winner, moved);
    Change lost = Change.moved(loser, -moved);
    List<Change> changes = byProposer ? List.of(won, lost) : List.of(lost, won);
    return new Settlement(deal, changes, winner.id(), moved);
  }

  private static int toLose(Account account) {
    return account.rating() - Elo.MINIMUM_RATING;
  }

  Effect.StakeSettled stakeSettled(Proposal ended) {
    return new Effect.StakeSettled(ended, winner, won);
  }

  /// The effects on ratings: the agents' own, each followed by its skill's.
  ///
  /// @param accounts as they are before the deal's end
  List<Effect.RatingChanged> ratingsChanged(Accounts accounts, @Nullable String capability) {
    List<Effect.RatingChanged> effects = new ArrayList<>();
    for (Change change : changes) {
      effects.addAll(change.effects(deal, accounts.get(change.agent()), capability));
    }
    return effects;
  }

  /// The same where no deal counts: of those whose points change, and of no skill.
  List<Effect.RatingChanged> pointsMoved(Accounts accounts) {
    return changes.stream()
        .filter(change -> change.points() != 0)
        .flatMap(change -> change.effects(deal, accounts.get(change.agent()), null).stream())
        .toList();
  }

  RatingChanges wire() {
    Map<String, RatingChange> agents = new LinkedHashMap<>();
    for (Change change : changes) {
      agents.put(change.agent().toString(), change.wire());
    }
    return new RatingChanges(agents, stakeOutcome());
  }

  /// As in the reference: a dispute always says, a completion only when there were stakes.
  private @Nullable StakeOutcome stakeOutcome() {
    if (winner != null) {
      return StakeOutcome.transferred(
          deal.proposerStake(), deal.acceptorStake(), winner.toString(), won);
    }
    return deal.escrowed()
        ? StakeOutcome.returned(deal.proposerStake(), deal.acceptorStake())
        : null;
  }
}
