package org.agentchat.relay;

import io.undertow.websockets.core.WebSocketCallback;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.WebSockets;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// Frames on their way to one socket: bounded, in order, one write under way at a time. Offering
/// never blocks. Thread-safe.
///
/// A ping may stand between frames: its pong then says that all before it has arrived.
final class Outbox {
  private final WebSocketChannel channel;
  private final int maxFrames;
  private final long maxBytes;
  private final OutgoingRoom room;
  private final Queue<OutgoingFrame> frames = new ArrayDeque<>();
  private final WebSocketCallback<Void> written =
      new WebSocketCallback<>() {
        @Override
        public void complete(WebSocketChannel ignored, Void context) {
          done();
        }

        @Override
        public void onError(WebSocketChannel ignored, Void context, Throwable failure) {
          abandon();
        }
      };

  private long bytes;
  private @Nullable OutgoingFrame underWay;
  private boolean writing;
  private boolean closed;
  private @Nullable Runnable afterwards;

  /// Keeps a write that ends at once from recursing through its own callback.
  private boolean inLoop;

  private boolean more;

  Outbox(WebSocketChannel channel, RelayLimits limits, OutgoingRoom room) {
    this.channel = channel;
    this.room = room;
    this.maxFrames = limits.outbox().frames();
    this.maxBytes = limits.outbox().bytes();
  }

  /// Queues a frame; false when the reader is too far behind to take it.
  boolean offer(OutgoingFrame frame) {
    synchronized (this) {
      if (closed) {
        return true;
      }
      if (frames.size() >= maxFrames || (bytes + frame.size() > maxBytes && !frames.isEmpty())) {
        return false;
      }
      frames.add(frame);
      bytes += frame.size();
      room.hold(frame);
      if (writing) {
        return true;
      }
      writing = true;
    }
    write();
    return true;
  }

  /// Whether no more than half of the limits is used once a frame of so many bytes waits too.
  synchronized boolean hasRoomFor(int more) {
    return frames.size() < maxFrames / 2 && bytes + more <= maxBytes / 2;
  }

  /// Frames that wait to be written.
  synchronized int size() {
    return frames.size();
  }

  /// Whether it is at most half full.
  synchronized boolean hasRoom() {
    return frames.size() <= maxFrames / 2 && bytes <= maxBytes / 2;
  }

  /// Takes no more, and does something once all that waits is written.
  void finish(Runnable then) {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      if (writing) {
        afterwards = then;
        return;
      }
    }
    then.run();
  }

  /// Drops what waits and takes no more. What is being written is the socket's until it is gone.
  synchronized void abandon() {
    closed = true;
    afterwards = null;
    frames.forEach(room::letGo);
    frames.clear();
    bytes = 0;
  }

  /// The socket is gone, and what it was given to write with it.
  synchronized void gone() {
    abandon();
    letGo();
  }

  private void letGo() {
    OutgoingFrame written = underWay;
    underWay = null;
    if (written != null) {
      room.letGo(written);
    }
  }

  /// Bytes that the socket has not taken yet, the frame that is being written included.
  synchronized long bytesBehind() {
    OutgoingFrame now = underWay;
    return bytes + (now == null ? 0 : now.size());
  }

  private void done() {
    synchronized (this) {
      if (inLoop) {
        more = true;
        return;
      }
    }
    write();
  }

  private void write() {
    while (true) {
      OutgoingFrame next;
      Runnable last = null;
      synchronized (this) {
        letGo();
        next = frames.poll();
        underWay = next;
        if (next == null) {
          writing = false;
          last = afterwards;
          afterwards = null;
        } else {
          bytes -= next.size();
          inLoop = true;
          more = false;
        }
      }
      if (next == null) {
        if (last != null) {
          last.run();
        }
        return;
      }
      ByteBuffer content = ByteBuffer.wrap(next.bytes());
      if (next.isPing()) {
        WebSockets.sendPing(content, channel, written);
      } else {
        WebSockets.sendText(content, channel, written);
      }
      synchronized (this) {
        inLoop = false;
        if (!more) {
          return;
        }
      }
    }
  }
}
