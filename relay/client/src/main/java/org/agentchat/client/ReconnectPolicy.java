package org.agentchat.client;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// When to try again after a connection is lost: after `first * 2^n`, `longest` at most, plus a
/// random part of `jitter`, so that the agents of a restarted relay do not return all at once.
///
/// @param giveUpAfter how long after the loss the last attempt may start; zero: never try
public record ReconnectPolicy(
    Duration first, Duration longest, Duration jitter, Duration giveUpAfter) {
  /// 2 s doubling to 60 s, up to 1 s of jitter, for 10 minutes.
  public static final ReconnectPolicy DEFAULT =
      new ReconnectPolicy(
          Duration.ofSeconds(2),
          Duration.ofSeconds(60),
          Duration.ofSeconds(1),
          Duration.ofMinutes(10));

  /// A lost connection stays lost.
  public static final ReconnectPolicy NEVER =
      new ReconnectPolicy(
          Duration.ofSeconds(2), Duration.ofSeconds(60), Duration.ZERO, Duration.ZERO);

  private static final int MAX_DOUBLINGS = 30;

  /// @throws IllegalArgumentException if a time is negative, `first` zero or above `longest`
  public ReconnectPolicy {
    if (!first.isPositive() || first.compareTo(longest) > 0) {
      throw new IllegalArgumentException(
          "first must be positive and at most longest, not " + first + " with " + longest);
    }
    if (jitter.isNegative() || giveUpAfter.isNegative()) {
      throw new IllegalArgumentException("jitter and giveUpAfter must not be negative");
    }
  }

  /// Whether a lost connection is tried again at all.
  public boolean tries() {
    return giveUpAfter.isPositive();
  }

  /// How long to wait before an attempt.
  ///
  /// @param attempt 0 for the first
  Duration delay(int attempt, RandomGenerator random) {
    Duration doubled = first.multipliedBy(1L << Math.min(attempt, MAX_DOUBLINGS));
    Duration capped = doubled.compareTo(longest) < 0 ? doubled : longest;
    return capped.plusMillis(random.nextLong(jitter.toMillis() + 1));
  }
}
