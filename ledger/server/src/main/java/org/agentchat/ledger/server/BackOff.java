package org.agentchat.ledger.server;

import java.time.Duration;

/// Longer and longer pauses between attempts: from 100 ms, doubled, up to 5 s.
final class BackOff {
  private static final Duration FIRST = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofSeconds(5);

  private Duration next = FIRST;

  void pause() throws InterruptedException {
    Thread.sleep(next);
    Duration doubled = next.multipliedBy(2);
    next = doubled.compareTo(LONGEST) < 0 ? doubled : LONGEST;
  }
}
