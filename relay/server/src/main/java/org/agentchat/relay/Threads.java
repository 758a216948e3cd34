package org.agentchat.relay;

/// Waiting for threads to end.
final class Threads {
  private Threads() {}

  /// Waits until the thread has ended, or this one is interrupted; the interrupt stays set.
  static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
