package org.agentchat.relay;

/// Lets through so many a second, and a burst at once. Not thread-safe: one connection, one bucket.
final class TokenBucket {
  private final double perMilli;
  private final double burst;
  private double tokens;
  private long last;

  /// @param now milliseconds of any clock
  TokenBucket(RelayLimits.Rate rate, long now) {
    this.perMilli = rate.perSecond() / 1000;
    this.burst = rate.burst();
    this.tokens = burst;
    this.last = now;
  }

  /// Whether one more may pass now.
  boolean take(long now) {
    return take(now, 1);
  }

  /// Whether something may pass now that counts as so many; as the burst at the most, or it could
  /// never pass.
  boolean take(long now, int count) {
    double cost = Math.min(burst, count);
    tokens = Math.min(burst, tokens + Math.max(0, now - last) * perMilli);
    last = now;
    if (tokens < cost) {
      return false;
    }
    tokens -= cost;
    return true;
  }

  /// Gives back one that was taken for nothing.
  void giveBack() {
    tokens = Math.min(burst, tokens + 1);
  }
}
