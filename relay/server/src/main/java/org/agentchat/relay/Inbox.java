package org.agentchat.relay;

import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// Frames that were read from one socket and are not handled yet, in their order. Bounded in frames
/// and in bytes: at either limit reading pauses, and goes on when half is handled. One thread
/// offers, one takes.
final class Inbox {
  private final int maxFrames;
  private final long maxBytes;
  private final Runnable pause;
  private final Runnable resume;

  /// Empty ones say that the peer has gone.
  private final BlockingQueue<Optional<Frame>> frames = new LinkedBlockingQueue<>();

  // Guarded by this, and so are the calls of pause and resume: a pause that is decided before the
  // last frame is taken but done after it would never end.
  private int waiting;
  private long bytes;
  private boolean paused;
  private boolean heldUp;
  private boolean closed;

  /// @param pause stops reading from the socket, without blocking
  /// @param resume reads on, without blocking
  Inbox(RelayLimits limits, Runnable pause, Runnable resume) {
    this.maxFrames = limits.inbox().frames();
    this.maxBytes = limits.inbox().bytes();
    this.pause = pause;
    this.resume = resume;
  }

  /// Takes a frame in. False when there is no room: more frames came in spite of the pause than an
  /// inbox holds.
  synchronized boolean offer(Frame frame) {
    if (closed) {
      frame.handled().run();
      return true;
    }
    if (waiting >= maxFrames || (paused && bytes + frame.size() > 2 * maxBytes)) {
      return false;
    }
    waiting++;
    bytes += frame.size();
    frames.add(Optional.of(frame));
    // One frame early: a frame that was read already may still come after the pause.
    if (!paused && (waiting >= maxFrames - 1 || bytes >= maxBytes)) {
      paused = true;
      pause.run();
    }
    return true;
  }

  /// The next frame, or empty when none came for so long.
  Optional<Frame> take(long millis) throws InterruptedException {
    Optional<Frame> frame = frames.poll(millis, TimeUnit.MILLISECONDS);
    if (frame == null) {
      return Optional.empty();
    }
    frame.ifPresent(this::taken);
    return frame;
  }

  private synchronized void taken(Frame frame) {
    waiting--;
    bytes -= frame.size();
    if (paused && waiting <= maxFrames / 2 && bytes <= maxBytes / 2) {
      paused = false;
      if (!heldUp) {
        resume.run();
      }
    }
  }

  /// Pauses reading for another reason, until [#readOn].
  synchronized void holdUp() {
    heldUp = true;
    pause.run();
  }

  /// Reads on, unless there is no room here.
  synchronized void readOn() {
    heldUp = false;
    if (!paused) {
      resume.run();
    }
  }

  /// Nobody takes any more: drops what waits, and what still comes.
  void close() {
    synchronized (this) {
      closed = true;
    }
    for (Optional<Frame> left = frames.poll(); left != null; left = frames.poll()) {
      left.ifPresent(frame -> frame.handled().run());
    }
  }

  /// Whether nothing waits.
  synchronized boolean isEmpty() {
    return waiting == 0;
  }

  /// Wakes who waits for a frame that will not come. Takes no lock, so that it may be called from
  /// anywhere.
  void wake() {
    frames.add(Optional.empty());
  }
}
