package org.agentchat.ledger;

import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.agentchat.schemas.identity.AgentId;

/// How often each two agents have completed, and how often disputed, a deal that moved their
/// ratings, and when they last had any. Agents go by the first names of their accounts.
final class Pairs {
  /// Two agents in no order: the smaller name first.
  record Pair(AgentId low, AgentId high) implements Comparable<Pair> {
    static Pair of(AgentId one, AgentId other) {
      return one.compareTo(other) <= 0 ? new Pair(one, other) : new Pair(other, one);
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
  private final NavigableMap<Pair, History> histories = new TreeMap<>();

  Pairs(Undo undo) {
    this.undo = undo;
  }

  /// Whether the pair's last completion is too fresh for another to count.
  boolean coolingDown(AgentId one, AgentId other, long now) {
    return find(one, other)
        .filter(history -> history.completions() > 0)
        .filter(history -> now - history.lastAt() < Elo.PAIR_COOLDOWN)
        .isPresent();
  }

  /// Whether the pair's last dispute is too fresh for another to move more than stakes.
  boolean coolingDownFromDispute(AgentId one, AgentId other, long now) {
    return find(one, other)
        .filter(history -> history.disputes() > 0)
        .filter(history -> now - history.disputedAt() < Elo.PAIR_COOLDOWN)
        .isPresent();
  }

  /// Counts a completion and says the how many-th it is.
  int complete(AgentId one, AgentId other, long now) {
    History before = find(one, other).orElse(History.NONE);
    int completions = before.completions() + 1;
    put(
        Pair.of(one, other),
        new History(completions, now, before.disputes(), before.disputedAt(), now));
    return completions;
  }

  /// Counts a dispute and says the how many-th it is.
  int dispute(AgentId one, AgentId other, long now) {
    History before = find(one, other).orElse(History.NONE);
    int disputes = before.disputes() + 1;
    put(
        Pair.of(one, other),
        new History(before.completions(), before.lastAt(), disputes, now, now));
    return disputes;
  }

  /// Notes that a deal of the two was accepted or came to an end.
  void deal(AgentId one, AgentId other, long now) {
    History before = find(one, other).orElse(History.NONE);
    put(
        Pair.of(one, other),
        new History(
            before.completions(), before.lastAt(), before.disputes(), before.disputedAt(), now));
  }

  /// When a deal of the two was last accepted, completed or disputed.
  OptionalLong lastDeal(AgentId one, AgentId other) {
    return find(one, other).stream().mapToLong(History::dealtAt).findFirst();
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

  Iterable<Map.Entry<Pair, History>> all() {
    return histories.entrySet();
  }

  private Optional<History> find(AgentId one, AgentId other) {
    return Optional.ofNullable(histories.get(Pair.of(one, other)));
  }
}
