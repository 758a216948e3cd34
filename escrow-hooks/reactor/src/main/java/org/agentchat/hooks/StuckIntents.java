package org.agentchat.hooks;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// Which open intents of a hook are stuck and why, so that each reason is told once and not at
/// every look by every intent. Any thread may use it; it grows with what is stuck.
final class StuckIntents {
  private final Map<String, Set<Long>> byReason = new HashMap<>();

  /// Notes how an attempt ended.
  ///
  /// @return whether the intent is stuck for a reason for which it or another one was stuck already
  synchronized boolean isTold(long intent, Outcome outcome) {
    String reason = outcome instanceof Outcome.Stuck stuck ? stuck.reason() : "";
    boolean told = byReason.containsKey(reason);
    byReason.forEach((other, intents) -> {
      if (!other.equals(reason)) {
        intents.remove(intent);
      }
    });
    byReason.values().removeIf(Set::isEmpty);
    if (!reason.isEmpty()) {
      byReason.computeIfAbsent(reason, _ -> new HashSet<>()).add(intent);
    }
    return told;
  }
}
