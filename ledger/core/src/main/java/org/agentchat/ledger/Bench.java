package org.agentchat.ledger;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.agentchat.schemas.identity.AgentId;

/// Who may judge between two agents: known for some time, proven in deals, with points to lose, not
/// too busy, and without business of its own with either.
final class Bench {
  /// The least rating of an arbiter.
  static final int MIN_RATING = 1200;

  /// The fewest finished deals of an arbiter.
  static final int MIN_TRANSACTIONS = 10;

  /// Open cases in which one agent may have taken a seat at a time. Being asked does not count, so
  /// that nobody empties the bench by filing cases.
  static final int MAX_PANELS = 3;

  /// How long an arbiter must have been known: 7 days of log time.
  static final long MIN_AGE = 7L * 24 * 60 * 60 * 1000;

  /// How long an arbiter must have had no deal with a party: 30 days of log time.
  static final long INDEPENDENCE = 30L * 24 * 60 * 60 * 1000;

  private final Accounts accounts;
  private final Pairs pairs;
  private final Docket docket;

  Bench(Accounts accounts, Pairs pairs, Docket docket) {
    this.accounts = accounts;
    this.pairs = pairs;
    this.docket = docket;
  }

  /// Those of the agents who may judge between the two, in the order in which they are given and by
  /// the first names of their accounts, so that nobody has two chances.
  List<AgentId> among(Collection<AgentId> agents, AgentId one, AgentId other, long now) {
    AgentId first = accounts.owner(one);
    AgentId second = accounts.owner(other);
    return agents.stream()
        .map(accounts::owner)
        .distinct()
        .filter(agent -> mayJudge(agent, first, second, now))
        .toList();
  }

  private boolean mayJudge(AgentId agent, AgentId one, AgentId other, long now) {
    Optional<Account> account = accounts.find(agent);
    return account.isPresent()
        && !agent.equals(one)
        && !agent.equals(other)
        && isProven(account.get(), now)
        && docket.panelsOf(agent) < MAX_PANELS
        && isIndependent(agent, one, now)
        && isIndependent(agent, other, now);
  }

  private static boolean isProven(Account account, long now) {
    return !account.isRevoked()
        && account.rating() >= MIN_RATING
        && account.transactions() >= MIN_TRANSACTIONS
        && account.available() >= Dispute.ARBITER_STAKE
        && now - account.knownAt() >= MIN_AGE;
  }

  private boolean isIndependent(AgentId agent, AgentId party, long now) {
    return pairs.lastDeal(agent, party).stream().allMatch(at -> now - at >= INDEPENDENCE);
  }
}
