package org.agentchat.ledger;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.agentchat.schemas.identity.AgentId;

/// Proposals that are open, or that ended within the last day of log time.
final class Proposals {
  /// Deadlines fire in order of time; at the same time, in the order in which proposals were made.
  private record Due(long at, long openedIndex) implements Comparable<Due> {
    @Override
    public int compareTo(Due other) {
      int byTime = Long.compare(at, other.at);
      return byTime != 0 ? byTime : Long.compare(openedIndex, other.openedIndex);
    }
  }

  private final NavigableMap<Long, Proposal> byIndex = new TreeMap<>();
  private final Map<String, Long> indexById = new HashMap<>();
  private final TreeMap<Due, Long> due = new TreeMap<>();
  private final ArrayDeque<Proposal> finished = new ArrayDeque<>();

  Optional<Proposal> find(String id) {
    return Optional.ofNullable(indexById.get(id)).map(byIndex::get);
  }

  /// The proposal, unless it will be forgotten when the log's clock is `now`.
  Optional<Proposal> find(String id, long now) {
    return find(id).filter(proposal -> !isForgotten(proposal, now));
  }

  /// What the agent has at risk in deals whose stakes are let go when the log's clock is `now`.
  int releasedStakes(AgentId agent, long now) {
    return due.headMap(new Due(now, Long.MAX_VALUE), true).values().stream()
        .map(byIndex::get)
        .filter(proposal -> proposal.escrowed() && proposal.isParty(agent))
        .mapToInt(proposal -> proposal.stakeOf(agent))
        .sum();
  }

  /// Stores a proposal, new or changed.
  void put(Proposal proposal) {
    long index = proposal.openedIndex();
    Proposal before = byIndex.put(index, proposal);
    indexById.put(proposal.id(), index);
    if (before != null) {
      before.deadline().ifPresent(at -> due.remove(new Due(at, index)));
    }
    proposal.deadline().ifPresent(at -> due.put(new Due(at, index), index));
    if (!proposal.status().isOpen()) {
      finished.add(proposal);
    }
  }

  /// The proposal whose deadline comes first, if that is not after `now`.
  Optional<Proposal> nextDue(long now) {
    if (due.isEmpty() || due.firstKey().at() > now) {
      return Optional.empty();
    }
    return Optional.ofNullable(byIndex.get(due.firstKey().openedIndex()));
  }

  OptionalLong nextDeadline() {
    return due.isEmpty() ? OptionalLong.empty() : OptionalLong.of(due.firstKey().at());
  }

  /// Forgets what ended more than [Proposal#MEMORY] ago.
  void forget(long now) {
    while (!finished.isEmpty() && isForgotten(finished.getFirst(), now)) {
      Proposal gone = finished.removeFirst();
      byIndex.remove(gone.openedIndex());
      indexById.remove(gone.id());
    }
  }

  private static boolean isForgotten(Proposal proposal, long now) {
    return !proposal.status().isOpen() && proposal.changedAt() + Proposal.MEMORY <= now;
  }

  /// In the order in which they were made.
  Collection<Proposal> all() {
    return Collections.unmodifiableCollection(byIndex.values());
  }
}
