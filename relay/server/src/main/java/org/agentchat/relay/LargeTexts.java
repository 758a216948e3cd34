package org.agentchat.relay;

import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/// Lets one large text be worked on at a time in the whole process, the others wait for their turn.
/// Reading a text of 2 MiB takes ten times its size of the heap for a moment, and looking for
/// secrets in it a third of a second of a core, in which a virtual thread lets nobody else run: two
/// peers could keep two cores from everybody. Thread-safe.
final class LargeTexts {
  /// Smaller ones take less than a millisecond.
  private static final int LARGE_CHARS = 64 * 1024;

  /// Fair, and nobody waits for anything else while it has the turn.
  private final Semaphore turn = new Semaphore(1, true);

  /// Does something with a text of so many characters.
  ///
  /// @param work must not block
  <T> T work(int chars, Supplier<T> work) throws InterruptedException {
    if (chars <= LARGE_CHARS) {
      return work.get();
    }
    turn.acquire();
    try {
      return work.get();
    } finally {
      turn.release();
    }
  }
}
