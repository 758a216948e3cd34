package org.agentchat.relay;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/// Bytes of the heap that one kind of thing may take in the whole process. Who finds no room is
/// told when there is some, first come, first served. Thread-safe; nobody blocks.
final class ByteBudget {
  private final long max;

  /// One for each connection at the most: a connection that waits reads nothing more.
  private final Queue<Waiter> waiting = new ArrayDeque<>();

  private long used;

  /// @param granted called once the bytes are taken for it, on any thread
  private record Waiter(long bytes, Runnable granted) {}

  ByteBudget(long max) {
    this.max = max;
  }

  /// Takes so many bytes now, or else later.
  ///
  /// @param bytes no more than there are at all
  /// @param granted called when they are taken later; the caller then owns them
  /// @return whether they are taken now
  synchronized boolean take(long bytes, Runnable granted) {
    if (waiting.isEmpty() && used + bytes <= max) {
      used += bytes;
      return true;
    }
    waiting.add(new Waiter(bytes, granted));
    return false;
  }

  /// Takes bytes that are there already, room or not.
  synchronized void force(long bytes) {
    used += bytes;
  }

  /// Gives bytes back, and tells those who waited for them.
  void release(long bytes) {
    List<Runnable> granted = new ArrayList<>();
    synchronized (this) {
      used -= bytes;
      for (Waiter next = waiting.peek();
          next != null && used + next.bytes() <= max;
          next = waiting.peek()) {
        used += next.bytes();
        granted.add(waiting.remove().granted());
      }
    }
    granted.forEach(Runnable::run);
  }

  synchronized long used() {
    return used;
  }

  /// Whether more is used than there is.
  synchronized boolean isOver() {
    return used > max;
  }
}
