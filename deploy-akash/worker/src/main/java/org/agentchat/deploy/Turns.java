package org.agentchat.deploy;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// When each deal is looked at again. What fails is tried again after twice the time, so that what
/// cannot be done costs neither the node nor the journal much. Of the worker's one thread; gone
/// with the process, and then everything is looked at.
final class Turns {
  /// What is stuck waits for a person, and is looked at so often at the least.
  static final Duration LONGEST = Duration.ofHours(1);

  private final Duration usual;
  private final Map<String, Turn> turns = new HashMap<>();

  private record Turn(long dueNanos, Duration waited) {}

  /// @param usual between two looks at what is well, and after the first failure
  Turns(Duration usual) {
    this.usual = usual;
  }

  /// A deal that has no turn is due.
  boolean isDue(String deal) {
    Turn turn = turns.get(deal);
    return turn == null || turn.dueNanos() - System.nanoTime() <= 0;
  }

  void now(String deal) {
    turns.remove(deal);
  }

  void usual(String deal) {
    turns.put(deal, after(usual));
  }

  void later(String deal) {
    Turn last = turns.get(deal);
    Duration wait = last == null ? usual : last.waited().multipliedBy(2);
    turns.put(deal, after(wait.compareTo(LONGEST) < 0 ? wait : LONGEST));
  }

  private static Turn after(Duration wait) {
    return new Turn(System.nanoTime() + wait.toNanos(), wait);
  }
}
