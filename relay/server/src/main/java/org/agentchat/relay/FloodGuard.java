package org.agentchat.relay;

import java.util.ArrayDeque;

/// Counts frames in a sliding window. Not thread-safe: one connection, one guard.
final class FloodGuard {
  private final long window;
  private final ArrayDeque<Long> times = new ArrayDeque<>();

  /// @param window in milliseconds
  FloodGuard(long window) {
    this.window = window;
  }

  /// Counts a frame; false when it is one more than `max` within the window.
  ///
  /// @param max [Integer#MAX_VALUE] for no limit
  boolean admit(long now, int max) {
    if (max == Integer.MAX_VALUE) {
      return true;
    }
    while (!times.isEmpty() && times.getFirst() <= now - window) {
      times.removeFirst();
    }
    if (times.size() >= max) {
      return false;
    }
    times.addLast(now);
    return true;
  }

  /// Counts the last frame no more.
  void forgive() {
    times.pollLast();
  }
}
