package org.agentchat.relay;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/// How much of the heap may be taken by frames that wait to be written, to all sockets together.
/// When it is more, those who are furthest behind are cut off until a quarter is free: each may be
/// within its own limit, but a few dozen of them would take the heap. Thread-safe.
final class OutgoingRoom {
  /// What a frame's place in a queue takes, about.
  private static final int PLACE = 16;

  private final long max;
  private final Collection<Connection> connections;
  private final AtomicLong used = new AtomicLong();
  private final ReentrantLock relieving = new ReentrantLock();

  OutgoingRoom(long max, Collection<Connection> connections) {
    this.max = max;
    this.connections = connections;
  }

  /// An outbox takes a frame in.
  void hold(OutgoingFrame frame) {
    used.addAndGet(PLACE + (frame.hold() ? frame.size() : 0));
  }

  /// An outbox has written it, or dropped it.
  void letGo(OutgoingFrame frame) {
    used.addAndGet(-(PLACE + (frame.letGo() ? frame.size() : 0)));
  }

  long used() {
    return used.get();
  }

  /// Cuts off who is furthest behind, if there is too much. Called without any lock.
  void relieve() {
    // One at a time is enough, and the others need not wait for it.
    if (used.get() <= max || !relieving.tryLock()) {
      return;
    }
    try {
      record Behind(Connection connection, long bytes) {}
      List<Behind> behind =
          connections.stream()
              .map(connection -> new Behind(connection, connection.bytesBehind()))
              .filter(one -> one.bytes() > 0)
              .sorted(Comparator.comparingLong(Behind::bytes).reversed())
              .toList();
      for (Behind one : behind) {
        if (used.get() <= max - max / 4) {
          return;
        }
        one.connection().cutOff();
      }
    } finally {
      relieving.unlock();
    }
  }
}
