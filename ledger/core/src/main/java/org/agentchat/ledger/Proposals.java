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

  /// By the proposer's account.
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

  /// How many open proposals the agent has made.
  int openOf(AgentId proposer) {
    return open.getOrDefault(accounts.owner(proposer), 0);
  }

  /// Stores a proposal, new or changed. Of a finished one only what may still be asked is kept.
  void put(Proposal proposal) {
    boolean isOpen = proposal.status().isOpen();
    Proposal kept = isOpen ? proposal : proposal.tombstone();
    long index = kept.openedIndex();
    Proposal before = proposals.put(kept.id(), kept);
    if (before == null) {
      open.merge(accounts.owner(kept.from()), 1, Integer::sum);
    } else {
      before.deadline().ifPresent(at -> due.remove(new Due(at, index)));
    }
    kept.deadline().ifPresent(at -> due.put(new Due(at, index), kept.id()));
    if (!isOpen) {
      open.computeIfPresent(
          accounts.owner(kept.from()), (_, count) -> count == 1 ? null : count - 1);
      finished.add(kept);
    }
    if (before != null) {
      undo.note(() -> restore(before, kept));
    }
  }

  private void restore(Proposal before, Proposal after) {
    long index = before.openedIndex();
    after.deadline().ifPresent(at -> due.remove(new Due(at, index)));
    proposals.put(before.id(), before);
    before.deadline().ifPresent(at -> due.put(new Due(at, index), before.id()));
    if (!after.status().isOpen()) {
      finished.removeLast();
      open.merge(accounts.owner(before.from()), 1, Integer::sum);
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

  /// Forgets what ended more than [Proposal#MEMORY] ago.
  void forget(long now) {
    while (!finished.isEmpty() && isForgotten(finished.getFirst(), now)) {
      Proposal gone = finished.removeFirst();
      proposals.remove(gone.id());
    }
  }

  private static boolean isForgotten(Proposal proposal, long now) {
    return !proposal.status().isOpen() && proposal.changedAt() + Proposal.MEMORY <= now;
  }

  /// In the order in which they were made.
  Collection<Proposal> all() {
    return Collections.unmodifiableCollection(proposals.values());
  }
}
