package org.agentchat.log;

import java.time.Duration;

/// Longer and longer pauses between attempts: from 100 ms, doubled, up to 5 s.
public final class BackOff {
  private static final Duration FIRST = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofSeconds(5);

  private Duration next = FIRST;

  /// Waits; the next time for twice as long.
  ///
  /// @throws InterruptedException when the thread is interrupted meanwhile
  public void pause() throws InterruptedException {
    Thread.sleep(next);
    Duration doubled = next.multipliedBy(2);
    next = doubled.compareTo(LONGEST) < 0 ? doubled : LONGEST;
  }
}
