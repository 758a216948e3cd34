package org.agentchat.ledger;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.agentchat.schemas.identity.AgentId;

/// Proposals that are open, or that ended within the last day of log time.
final class Proposals {
  /// How many open proposals one agent may have made: what it makes everybody remember is bounded.
  static final int MAX_OPEN = 100;

  /// Deadlines fire in order of time; at the same time, in the order in which proposals were made.
  private record Due(long at, long openedIndex) implements Comparable<Due> {
    @Override
    public int compareTo(Due other) {
      int byTime = Long.compare(at, other.at);
      return byTime != 0 ? byTime : Long.compare(openedIndex, other.openedIndex);
    }
  }

  private final Undo undo;

  /// By id, in the order in which they were made.
  private final Map<String, Proposal> proposals = new LinkedHashMap<>();

  /// The ids of those that time will change.
  private final TreeMap<Due, String> due = new TreeMap<>();

  private final ArrayDeque<Proposal> finished = new ArrayDeque<>();

  /// Finished ones whose money is still in a contract, by when they are forgotten.
  private final TreeMap<Due, Proposal> lingering = new TreeMap<>();

  /// How many are open or lingering, by the proposer's account.
  private final Map<AgentId, Integer> open = new HashMap<>();

  private final Accounts accounts;

  /// @param accounts say whose a name is
  Proposals(Accounts accounts, Undo undo) {
    this.accounts = accounts;
    this.undo = undo;
  }

  Optional<Proposal> find(String id) {
    return Optional.ofNullable(proposals.get(id));
  }

  /// The proposal, unless it will be forgotten when the log's clock is `now`.
  Optional<Proposal> find(String id, long now) {
    return find(id).filter(proposal -> !isForgotten(proposal, now));
  }

  /// What the agent has at risk in deals whose stakes are let go when the log's clock is `now`.
  int releasedStakes(AgentId agent, long now) {
    if (nextDeadline() > now) {
      return 0;
    }
    return due.headMap(new Due(now, Long.MAX_VALUE), true).values().stream()
        .map(proposals::get)
        .filter(Proposal::escrowed)
        .mapToInt(proposal -> stakeOf(proposal, agent))
        .sum();
  }

  /// What the agent's account has at risk in the deal: 0 if it is no party.
  private int stakeOf(Proposal proposal, AgentId agent) {
    if (accounts.isSame(agent, proposal.from())) {
      return proposal.proposerStake();
    }
    return accounts.isSame(agent, proposal.to()) ? proposal.acceptorStake() : 0;
  }

  /// How many proposals the agent has made that are open, or whose money is still in a contract,
  /// when the log's clock is `now`.
  int openOf(AgentId proposer, long now) {
    if (lingering.isEmpty()) {
      return open.getOrDefault(accounts.owner(proposer), 0);
    }
    long forgotten =
        lingering.headMap(new Due(now, Long.MAX_VALUE), true).values().stream()
            .filter(proposal -> accounts.isSame(proposal.from(), proposer))
            .count();
    return open.getOrDefault(accounts.owner(proposer), 0) - (int) forgotten;
  }

  /// Stores a proposal, new or changed. Of a finished one only what may still be asked is kept.
  void put(Proposal proposal) {
    Proposal kept = proposal.status().isOpen() ? proposal : proposal.tombstone();
    Proposal before = proposals.put(kept.id(), kept);
    if (before == null) {
      count(kept, 1);
    } else {
      leave(before);
      if (isCounted(before) && !isCounted(kept)) {
        count(kept, -1);
      }
    }
    enter(kept);
    if (before != null) {
      undo.note(() -> restore(before, kept));
    }
  }

  private void restore(Proposal before, Proposal after) {
    if (isFinished(after)) {
      finished.removeLast();
    } else {
      leave(after);
    }
    proposals.put(before.id(), before);
    if (isCounted(before) && !isCounted(after)) {
      count(before, 1);
    }
    enter(before);
  }

  /// Whether it is one of those that a proposer may have so many of.
  private static boolean isCounted(Proposal proposal) {
    return proposal.status().isOpen() || proposal.isLingering();
  }

  private static boolean isFinished(Proposal proposal) {
    return !isCounted(proposal);
  }

  private void count(Proposal proposal, int more) {
    open.merge(accounts.owner(proposal.from()), more, Proposals::sumOrNothing);
  }

  @SuppressWarnings("NullAway") // null is how Map.merge is told to remove the entry
  private static Integer sumOrNothing(Integer one, Integer other) {
    int sum = one + other;
    return sum == 0 ? null : sum;
  }

  /// Makes it fire, or be forgotten, in its time.
  private void enter(Proposal proposal) {
    long index = proposal.openedIndex();
    proposal.deadline().ifPresent(at -> due.put(new Due(at, index), proposal.id()));
    if (proposal.isLingering()) {
      lingering.put(new Due(proposal.forgottenAt(), index), proposal);
    } else if (isFinished(proposal)) {
      finished.add(proposal);
    }
  }

  /// Takes back what [#enter] did for a proposal that is not finished.
  private void leave(Proposal proposal) {
    long index = proposal.openedIndex();
    proposal.deadline().ifPresent(at -> due.remove(new Due(at, index)));
    if (proposal.isLingering()) {
      lingering.remove(new Due(proposal.forgottenAt(), index));
    }
  }

  /// The proposal whose deadline comes first, if that is not after `now`.
  Optional<Proposal> nextDue(long now) {
    return nextDeadline() > now
        ? Optional.empty()
        : Optional.ofNullable(proposals.get(due.firstEntry().getValue()));
  }

  /// When time alone changes one of them next; [Long#MAX_VALUE] when it changes none.
  long nextDeadline() {
    return due.isEmpty() ? Long.MAX_VALUE : due.firstKey().at();
  }

  /// Forgets what ended more than [Proposal#MEMORY] ago, and money that nobody is waited for any
  /// more to tell of.
  void forget(long now) {
    while (!finished.isEmpty() && isForgotten(finished.getFirst(), now)) {
      forget(finished.removeFirst());
    }
    while (!lingering.isEmpty() && lingering.firstKey().at() <= now) {
      Proposal gone = lingering.pollFirstEntry().getValue();
      count(gone, -1);
      forget(gone);
    }
  }

  private void forget(Proposal gone) {
    proposals.remove(gone.id());
  }

  private static boolean isForgotten(Proposal proposal, long now) {
    return !proposal.status().isOpen() && proposal.forgottenAt() <= now;
  }

  /// In the order in which they were made.
  Collection<Proposal> all() {
    return Collections.unmodifiableCollection(proposals.values());
  }
}
