package org.agentchat.ledger;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.agentchat.schemas.identity.AgentId;
import org.jspecify.annotations.Nullable;

/// How often each two agents have completed, and how often disputed, a deal that moved their
/// ratings, and when they last had any. Agents go by the first names of their accounts.
final class Pairs {
  /// Two agents in no order: the smaller name first.
  record Pair(AgentId low, AgentId high) implements Comparable<Pair> {
    static Pair of(AgentId one, AgentId other) {
      return one.compareTo(other) <= 0 ? new Pair(one, other) : new Pair(other, one);
    }

    /// As a record's own, without what its method handles cost.
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Pair pair && low.equals(pair.low) && high.equals(pair.high);
    }

    @Override
    public int hashCode() {
      return 31 * low.hashCode() + high.hashCode();
    }

    @Override
    public int compareTo(Pair other) {
      int byLow = low.compareTo(other.low);
      return byLow != 0 ? byLow : high.compareTo(other.high);
    }
  }

  /// @param completions how many
  /// @param lastAt log time of the last one
  /// @param disputes how many
  /// @param disputedAt log time of the last one
  /// @param dealtAt log time when a deal of theirs was last accepted, completed or disputed
  record History(int completions, long lastAt, int disputes, long disputedAt, long dealtAt) {
    static final History NONE = new History(0, 0, 0, 0, 0);
  }

  private final Undo undo;
  private final Map<Pair, History> histories = new HashMap<>();

  Pairs(Undo undo) {
    this.undo = undo;
  }

  /// Whether the pair's last completion is too fresh for another to count.
  boolean coolingDown(AgentId one, AgentId other, long now) {
    History history = find(Pair.of(one, other));
    return history.completions() > 0 && now - history.lastAt() < Elo.PAIR_COOLDOWN;
  }

  /// Whether the pair's last dispute is too fresh for another to move more than stakes.
  boolean coolingDownFromDispute(AgentId one, AgentId other, long now) {
    History history = find(Pair.of(one, other));
    return history.disputes() > 0 && now - history.disputedAt() < Elo.PAIR_COOLDOWN;
  }

  /// Counts a completion, which is a deal's end, and says the how many-th it is.
  int complete(AgentId one, AgentId other, long now) {
    Pair pair = Pair.of(one, other);
    History before = find(pair);
    int completions = before.completions() + 1;
    put(pair, new History(completions, now, before.disputes(), before.disputedAt(), now));
    return completions;
  }

  /// Counts a dispute, which is a deal's end, and says the how many-th it is.
  int dispute(AgentId one, AgentId other, long now) {
    Pair pair = Pair.of(one, other);
    History before = find(pair);
    int disputes = before.disputes() + 1;
    put(pair, new History(before.completions(), before.lastAt(), disputes, now, now));
    return disputes;
  }

  /// Notes that a deal of the two was accepted, or came to an end that does not count.
  void deal(AgentId one, AgentId other, long now) {
    Pair pair = Pair.of(one, other);
    History before = find(pair);
    put(
        pair,
        new History(
            before.completions(), before.lastAt(), before.disputes(), before.disputedAt(), now));
  }

  /// When a deal of the two was last accepted, completed or disputed.
  OptionalLong lastDeal(AgentId one, AgentId other) {
    History history = histories.get(Pair.of(one, other));
    return history == null ? OptionalLong.empty() : OptionalLong.of(history.dealtAt());
  }

  private void put(Pair pair, History history) {
    History before = histories.put(pair, history);
    undo.note(() -> {
      if (before == null) {
        histories.remove(pair);
      } else {
        histories.put(pair, before);
      }
    });
  }

  /// By the names, the smaller one first. Takes time to sort them: while the log is folded nobody
  /// asks for an order, and a sorted map of all pairs would be most of the fold's time.
  List<Map.Entry<Pair, History>> all() {
    return histories.entrySet().stream().sorted(Map.Entry.comparingByKey()).toList();
  }

  private History find(Pair pair) {
    return histories.getOrDefault(pair, History.NONE);
  }
}
