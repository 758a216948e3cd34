package org.agentchat.ledger;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.agentchat.schemas.identity.AgentId;
import org.jspecify.annotations.Nullable;

/// Cases that are open, or that were closed within the last day of log time. There are no more open
/// ones than open deals, and each has points of its disputant.
final class Docket {
  /// Deadlines fire in order of time; at the same time, in the order in which cases were filed.
  private record Due(long at, long filedIndex) implements Comparable<Due> {
    @Override
    public int compareTo(Due other) {
      int byTime = Long.compare(at, other.at);
      return byTime != 0 ? byTime : Long.compare(filedIndex, other.filedIndex);
    }
  }

  private final Undo undo;
  private final NavigableMap<Long, Dispute> byIndex = new TreeMap<>();
  private final Map<String, Long> indexById = new HashMap<>();
  private final Map<String, Long> openByProposal = new HashMap<>();
  private final TreeSet<Due> due = new TreeSet<>();
  private final ArrayDeque<Dispute> closed = new ArrayDeque<>();
  private final Map<AgentId, Integer> panels = new HashMap<>();

  /// By the disputant.
  private final Map<AgentId, Integer> open = new HashMap<>();

  Docket(Undo undo) {
    this.undo = undo;
  }

  Optional<Dispute> find(String id) {
    return Optional.ofNullable(indexById.get(id)).map(byIndex::get);
  }

  /// The case, unless it will be forgotten when the log's clock is `now`.
  Optional<Dispute> find(String id, long now) {
    return find(id).filter(dispute -> !isForgotten(dispute, now));
  }

  /// The open case over a proposal.
  Optional<Dispute> openOver(String proposalId) {
    return Optional.ofNullable(openByProposal.get(proposalId)).map(byIndex::get);
  }

  /// How many open cases the account has filed.
  int openOf(AgentId disputant) {
    return open.getOrDefault(disputant, 0);
  }

  /// In how many open cases the account has taken a seat.
  int panelsOf(AgentId agent) {
    return panels.getOrDefault(agent, 0);
  }

  /// Stores a case, new or changed. Of a closed one only what may still be asked is kept.
  void put(Dispute dispute) {
    Dispute kept = dispute.phase().isOpen() ? dispute : dispute.tombstone();
    Dispute before = byIndex.get(kept.filedIndex());
    replace(before, kept);
    if (!kept.phase().isOpen()) {
      closed.add(kept);
    }
    undo.note(() -> {
      if (!kept.phase().isOpen()) {
        closed.removeLast();
      }
      replace(kept, before);
    });
  }

  private void replace(@Nullable Dispute before, @Nullable Dispute after) {
    if (before != null) {
      byIndex.remove(before.filedIndex());
      indexById.remove(before.id());
      openByProposal.remove(before.proposalId(), before.filedIndex());
      before.deadline().ifPresent(at -> due.remove(new Due(at, before.filedIndex())));
      seat(before, -1);
    }
    if (after != null) {
      byIndex.put(after.filedIndex(), after);
      indexById.put(after.id(), after.filedIndex());
      after.deadline().ifPresent(at -> due.add(new Due(at, after.filedIndex())));
      seat(after, 1);
      if (after.phase().isOpen()) {
        openByProposal.put(after.proposalId(), after.filedIndex());
      }
    }
  }

  private void seat(Dispute dispute, int sign) {
    if (dispute.phase().isOpen()) {
      open.merge(dispute.disputant(), sign, Docket::sumOrNothing);
      for (AgentId arbiter : dispute.panel().arbiters()) {
        panels.merge(arbiter, sign, Docket::sumOrNothing);
      }
    }
  }

  @SuppressWarnings("NullAway") // null is how Map.merge is told to remove the entry
  private static Integer sumOrNothing(Integer one, Integer other) {
    int sum = one + other;
    return sum == 0 ? null : sum;
  }

  /// The case whose deadline comes first, if that is not after `now`.
  Optional<Dispute> nextDue(long now) {
    return nextDeadline() > now
        ? Optional.empty()
        : Optional.ofNullable(byIndex.get(due.first().filedIndex()));
  }

  /// When time alone changes one of them next; [Long#MAX_VALUE] when it changes none.
  long nextDeadline() {
    return due.isEmpty() ? Long.MAX_VALUE : due.first().at();
  }

  /// Forgets what was closed more than [Dispute#MEMORY] ago.
  void forget(long now) {
    while (!closed.isEmpty() && isForgotten(closed.getFirst(), now)) {
      replace(closed.removeFirst(), null);
    }
  }

  private static boolean isForgotten(Dispute dispute, long now) {
    return !dispute.phase().isOpen() && dispute.changedAt() + Dispute.MEMORY <= now;
  }

  /// In the order in which they were filed.
  Collection<Dispute> all() {
    return Collections.unmodifiableCollection(byIndex.values());
  }

  void digest(StateDigest digest) {
    digest.add("disputes").add(byIndex.size());
    for (Dispute dispute : all()) {
      digest.add(dispute.id()).add(dispute.proposalId()).add(dispute.disputant().name());
      digest.add(dispute.relay()).add(dispute.phase().word()).add(dispute.due());
      digest.add(dispute.verdict() == null ? "" : dispute.verdict().word());
      digest.add(dispute.changedAt()).add(dispute.legs().size());
      dispute.legs().forEach(leg -> digest.add(leg.index()).add(leg.hash().raw()));
      digest(dispute.panel(), digest);
    }
  }

  private static void digest(Panel panel, StateDigest digest) {
    digest.add(panel.commitment()).add(panel.seed() == null ? "" : panel.seed());
    digest.add(panel.pool().size());
    panel.pool().forEach(agent -> digest.add(agent.name()));
    digest.add(panel.drawn().size());
    panel.drawn().forEach(agent -> digest.add(agent.name()));
    digest.add(panel.seats().size());
    for (Seat seat : panel.seats()) {
      digest.add(seat.arbiter().name()).add(seat.state().word()).add(seat.respondBy());
      digest.add(seat.replacements()).add(seat.vote() == null ? "" : seat.vote().word());
    }
  }
}
