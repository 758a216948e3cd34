package org.agentchat.hooks.evm;

import java.time.Duration;
import org.agentchat.hooks.Workbench;
import org.agentchat.ledger.Ledger;

/// Waits, for a bounded time, until the fold has read so much of the log.
final class FoldWait {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration POLL = Duration.ofMillis(20);

  private FoldWait() {}

  /// Until it has read what the log holds now.
  ///
  /// @return whether it has
  /// @throws org.agentchat.log.LogUnavailableException when the log does not say its size
  static boolean readAll(Workbench workbench) throws InterruptedException {
    return read(workbench, workbench.log().size());
  }

  /// Until it has read so many entries.
  ///
  /// @return whether it has
  static boolean read(Workbench workbench, long size) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (workbench.look(Ledger::size) < size) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      Thread.sleep(POLL);
    }
    return true;
  }
}
