package org.agentchat.client;

import java.time.Duration;

/// How long the client waits for what.
///
/// @param connect for a connection, from the first packet to WELCOME. The reference holds a second
///   connection of the same key back for 5 seconds and more
/// @param reply for the answer to one operation
/// @param ping between two WebSocket pings
/// @param silence without any frame until the connection counts as lost; longer than `ping`
public record Timeouts(Duration connect, Duration reply, Duration ping, Duration silence) {
  /// 10 s, 10 s, 30 s, 70 s.
  public static final Timeouts DEFAULT =
      new Timeouts(
          Duration.ofSeconds(10),
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofSeconds(70));

  /// @throws IllegalArgumentException if a time is not positive, or `silence` not longer than
  ///   `ping`
  public Timeouts {
    requirePositive("connect", connect);
    requirePositive("reply", reply);
    requirePositive("ping", ping);
    if (silence.compareTo(ping) <= 0) {
      throw new IllegalArgumentException(
          "silence must be longer than ping, not " + silence + " with " + ping);
    }
  }

  private static void requirePositive(String name, Duration duration) {
    if (!duration.isPositive()) {
      throw new IllegalArgumentException(name + " must be a positive time, not " + duration);
    }
  }
}
