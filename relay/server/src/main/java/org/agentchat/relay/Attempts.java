package org.agentchat.relay;

import java.net.InetAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/// Wrong admin keys by network: after [#MAX_WRONG] within [#WINDOW] no key from there is looked at
/// until the window has passed, not even a right one. Thread-safe.
final class Attempts {
  /// Enough for a person who mistypes; guessing then takes longer than any key lasts.
  static final int MAX_WRONG = 5;

  static final Duration WINDOW = Duration.ofMinutes(10);

  /// Networks remembered at the most; the oldest are forgotten.
  private static final int MAX_NETWORKS = 10_000;

  private record Wrong(long since, int count) {}

  private final RelayClock clock;
  private final Map<InetAddress, Wrong> wrong = new LinkedHashMap<>();

  Attempts(RelayClock clock) {
    this.clock = clock;
  }

  /// How long no key from there is looked at; zero when it is.
  synchronized Duration locked(InetAddress address) {
    InetAddress network = ClientAddress.network(address);
    Wrong known = wrong.get(network);
    if (known == null) {
      return Duration.ZERO;
    }
    long left = known.since() + WINDOW.toMillis() - clock.millis();
    if (left <= 0) {
      wrong.remove(network);
      return Duration.ZERO;
    }
    return known.count() >= MAX_WRONG ? Duration.ofMillis(left) : Duration.ZERO;
  }

  synchronized void wrong(InetAddress address) {
    InetAddress network = ClientAddress.network(address);
    Wrong known = wrong.get(network);
    if (known == null && wrong.size() >= MAX_NETWORKS) {
      wrong.remove(wrong.keySet().iterator().next());
    }
    wrong.put(
        network,
        known == null ? new Wrong(clock.millis(), 1) : new Wrong(known.since(), known.count() + 1));
  }
}
