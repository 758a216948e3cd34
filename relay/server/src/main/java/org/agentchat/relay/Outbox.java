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
  private static final class Item {
    private final byte[] bytes;
    private final boolean isPing;

    Item(byte[] bytes, boolean isPing) {
      this.bytes = bytes;
      this.isPing = isPing;
    }
  }

  private final WebSocketChannel channel;
  private final int maxFrames;
  private final long maxBytes;
  private final Queue<Item> frames = new ArrayDeque<>();
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
  private boolean writing;
  private boolean closed;
  private @Nullable Runnable afterwards;

  /// Keeps a write that ends at once from recursing through its own callback.
  private boolean inLoop;

  private boolean more;

  Outbox(WebSocketChannel channel, RelayLimits limits) {
    this.channel = channel;
    this.maxFrames = limits.outbox().frames();
    this.maxBytes = limits.outbox().bytes();
  }

  /// Queues a text frame; false when the reader is too far behind to take it.
  boolean offer(byte[] utf8) {
    return offer(new Item(utf8, false));
  }

  /// Queues a ping with at most 125 bytes; false when the reader is too far behind to take it.
  boolean offerPing(byte[] payload) {
    return offer(new Item(payload, true));
  }

  private boolean offer(Item item) {
    synchronized (this) {
      if (closed) {
        return true;
      }
      if (frames.size() >= maxFrames
          || (bytes + item.bytes.length > maxBytes && !frames.isEmpty())) {
        return false;
      }
      frames.add(item);
      bytes += item.bytes.length;
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

  /// Whether everything that was queued has been written.
  synchronized boolean isWritten() {
    return frames.isEmpty() && !writing;
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

  /// Drops what waits and takes no more.
  synchronized void abandon() {
    closed = true;
    afterwards = null;
    frames.clear();
    bytes = 0;
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
      Item next;
      Runnable last = null;
      synchronized (this) {
        next = frames.poll();
        if (next == null) {
          writing = false;
          last = afterwards;
          afterwards = null;
        }
      }
      if (next == null) {
        if (last != null) {
          last.run();
        }
        return;
      }
      synchronized (this) {
        bytes -= next.bytes.length;
        inLoop = true;
        more = false;
      }
      ByteBuffer content = ByteBuffer.wrap(next.bytes);
      if (next.isPing) {
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
