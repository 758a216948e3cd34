package org.agentchat.relay;

import java.nio.ByteBuffer;
import java.util.function.Predicate;

/// How far a peer has read: pings that carry a log index travel between its frames, and every
/// WebSocket peer sends a ping's content back (RFC 6455 section 5.5.3). Clients need not know. Only
/// what comes back counts: a frame that was written may still be lost with the line, also when the
/// peer closes properly. Thread-safe.
///
/// A ping follows every frame unless one is under way, and then as soon as that is answered; a busy
/// peer is asked ten times a second, so that it costs little, and hears up to a tenth of a second
/// again when it falls silent in between.
final class Acknowledgements {
  private static final RelayLimits.Rate RATE = new RelayLimits.Rate(10, 20);

  /// After so long another ping is sent although the last was not answered: a peer may answer only
  /// the latest of several (RFC 6455 section 5.5.3).
  private static final long PATIENCE_MILLIS = 5_000;

  private final RelayClock clock;
  private final Predicate<byte[]> ping;
  private final TokenBucket rate;
  private long sent = -1;
  private long heard = -1;
  private boolean asking;
  private long askedAt;

  /// @param ping queues a ping behind everything that was sent; false when it cannot
  Acknowledgements(RelayClock clock, Predicate<byte[]> ping) {
    this.clock = clock;
    this.ping = ping;
    this.rate = new TokenBucket(RATE, clock.millis());
  }

  /// A frame about that entry was queued.
  synchronized void sent(long index) {
    sent = Math.max(sent, index);
    askIfBehind();
  }

  /// Asks again if something was sent since the last answer.
  synchronized void askIfBehind() {
    long now = clock.millis();
    boolean waits = asking && now - askedAt < PATIENCE_MILLIS;
    if (heard < sent && !waits && rate.take(now)) {
      ask();
    }
  }

  /// Asks in any case, also whether the peer is there at all.
  synchronized void ask() {
    askedAt = clock.millis();
    asking = ping.test(ByteBuffer.allocate(Long.BYTES).putLong(sent).array());
  }

  /// A pong came. One of another length answers no ping of ours, and none says more than was sent.
  synchronized void ponged(ByteBuffer payload) {
    if (payload.remaining() == Long.BYTES) {
      asking = false;
      heard = Math.max(heard, Math.min(sent, payload.getLong()));
      askIfBehind();
    }
  }

  /// The last index that surely arrived, -1 when none did.
  synchronized long heardUpTo() {
    return heard;
  }
}
