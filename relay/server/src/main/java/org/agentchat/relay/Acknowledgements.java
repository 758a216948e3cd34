package org.agentchat.relay;

import java.nio.ByteBuffer;
import java.util.function.Predicate;

/// How far a peer has read: pings that carry a log index travel between its frames, and every
/// WebSocket peer sends a ping's content back (RFC 6455 section 5.5.3). Clients need not know.
/// Thread-safe.
///
/// One ping is under way at a time, and at most four a second are sent, so a busy peer costs
/// little; a peer that falls silent in between hears up to a quarter of a second again.
final class Acknowledgements {
  private static final long SPACING_MILLIS = 250;

  private final RelayClock clock;
  private final Predicate<byte[]> ping;
  private long sent = -1;
  private long heard = -1;
  private boolean asking;
  private long askedAt = Long.MIN_VALUE / 2;

  /// @param ping queues a ping behind everything that was sent; false when it cannot
  Acknowledgements(RelayClock clock, Predicate<byte[]> ping) {
    this.clock = clock;
    this.ping = ping;
  }

  /// A frame about that entry was queued.
  synchronized void sent(long index) {
    sent = Math.max(sent, index);
    askIfBehind();
  }

  /// Asks again if something was sent since the last answer.
  synchronized void askIfBehind() {
    long now = clock.millis();
    if (heard < sent && !asking && now - askedAt >= SPACING_MILLIS) {
      askedAt = now;
      asking = ping.test(ByteBuffer.allocate(Long.BYTES).putLong(sent).array());
    }
  }

  /// A pong came; those that answer no ping of ours are ignored.
  synchronized void ponged(ByteBuffer payload) {
    if (asking && payload.remaining() == Long.BYTES) {
      asking = false;
      heard = Math.max(heard, Math.min(sent, payload.getLong()));
      askIfBehind();
    }
  }

  synchronized long sentUpTo() {
    return sent;
  }

  synchronized long heardUpTo() {
    return heard;
  }
}
