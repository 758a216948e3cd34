package org.agentchat.relay;

import io.undertow.connector.PooledByteBuffer;
import io.undertow.websockets.core.CloseMessage;
import io.undertow.websockets.core.StreamSourceFrameChannel;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.WebSockets;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.Queue;
import org.agentchat.schemas.message.ClientMessageCodec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.IoUtils;

/// Puts one socket's messages together, within the [IncomingRoom]: a message for which there is no
/// room is not read on until there is. Runs on the socket's I/O thread, and for a moment on that of
/// whoever gives room back.
final class FrameReader {
  private static final Logger LOG = LoggerFactory.getLogger(FrameReader.class);

  private final Connection connection;
  private final RelayLimits limits;
  private final IncomingRoom room;
  private final RelayClock clock;

  /// What a large message may need; strangers' are smaller, but a relay may be told otherwise.
  private final int largest;

  // The message that is being read. Guarded by this.
  private byte[] bytes = new byte[0];
  private int size;
  private int max;
  private boolean reading;

  /// What the transport had read already when this one was held up: as much as its buffers hold.
  private final Queue<Message> next = new ArrayDeque<>();

  private int mayHold = IncomingRoom.SMALL;
  private long heldSince = -1;
  private boolean gone;

  FrameReader(Connection connection, RelayLimits limits, IncomingRoom room, RelayClock clock) {
    this.connection = connection;
    this.limits = limits;
    this.room = room;
    this.clock = clock;
    this.largest = Math.max(ClientMessageCodec.MAX_FRAME, limits.flood().strangersBytes());
  }

  /// One message, as the transport hands it over.
  private record Message(StreamSourceFrameChannel source, boolean binary) {}

  /// Reads a message, now as far as it is there, the rest as it comes. One that comes while another
  /// waits for room waits behind it.
  void begin(StreamSourceFrameChannel source, boolean binary) {
    Message message = new Message(source, binary);
    synchronized (this) {
      if (reading) {
        next.add(message);
        return;
      }
      reading = true;
    }
    begin(message);
  }

  private void begin(Message message) {
    synchronized (this) {
      max =
          connection.agent().isPresent()
              ? ClientMessageCodec.MAX_FRAME
              : limits.flood().strangersBytes();
    }
    message.source().getReadSetter().set(_ -> read(message));
    // Reading is suspended when a message begins, so a wake-up that comes at once is not lost.
    if (!room.small().isOver() || room.small().take(0, () -> readOn(message.source()))) {
      read(message);
    } else {
      connection.holdUp();
    }
  }

  private void read(Message message) {
    StreamSourceFrameChannel source = message.source();
    WebSocketChannel channel = source.getWebSocketChannel();
    try (PooledByteBuffer pooled = channel.getBufferPool().allocate()) {
      ByteBuffer buffer = pooled.getBuffer();
      while (hasRoom(source)) {
        buffer.clear().limit(Math.min(buffer.capacity(), left()));
        int read = source.read(buffer);
        if (read < 0) {
          source.suspendReads();
          whole(message.binary());
          return;
        }
        if (read == 0) {
          source.resumeReads();
          return;
        }
        add(buffer.flip());
        if (isTooLarge()) {
          String words = "Message too large (max " + max() + " bytes)";
          WebSockets.sendClose(CloseMessage.MSG_TOO_BIG, words, channel, null);
          throw new IOException(words);
        }
      }
    } catch (IOException e) {
      source.suspendReads();
      LOG.debug("{}: {}", connection, e.toString());
      IoUtils.safeClose(channel);
    }
  }

  /// How many bytes may be read at once: one more than may be held, to see that there is more.
  private synchronized int left() {
    return Math.min(mayHold, max) - size + 1;
  }

  private synchronized int max() {
    return max;
  }

  private synchronized boolean isTooLarge() {
    return size > max;
  }

  private synchronized void add(ByteBuffer more) {
    int length = more.remaining();
    if (size + length > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(size + length, Math.min(2 * size, max + 1)));
    }
    more.get(bytes, size, length);
    size += length;
  }

  /// Whether more may be read; if not, reading goes on when there is room.
  private synchronized boolean hasRoom(StreamSourceFrameChannel source) {
    if (!gone && size <= mayHold) {
      return true;
    }
    // Before room is asked for: the answer may come at once.
    source.suspendReads();
    if (gone) {
      return false;
    }
    boolean more = mayHold == IncomingRoom.SMALL;
    ByteBudget budget = more ? room.medium() : room.large();
    int wanted = more ? IncomingRoom.MEDIUM : largest;
    if (!budget.take(wanted, () -> granted(source, budget, wanted))) {
      connection.holdUp();
      return false;
    }
    hold(wanted);
    return true;
  }

  private void hold(int bytesMore) {
    if (heldSince < 0) {
      heldSince = clock.millis();
    }
    mayHold = bytesMore;
  }

  private void granted(StreamSourceFrameChannel source, ByteBudget budget, int taken) {
    boolean late;
    synchronized (this) {
      late = gone;
      if (!late) {
        hold(taken);
      }
    }
    if (late) {
      budget.release(taken);
    } else {
      readOn(source);
    }
  }

  /// On the socket's own thread, so after whatever holds it up now: from another one, a wake-up in
  /// the moment in which that thread stops reading is lost.
  private void readOn(StreamSourceFrameChannel source) {
    source
        .getIoThread()
        .execute(() -> {
          connection.readOn();
          source.wakeupReads();
        });
  }

  private void whole(boolean binary) {
    byte[] content;
    int held;
    synchronized (this) {
      content = bytes.length == size ? bytes : Arrays.copyOf(bytes, size);
      held = drop();
    }
    // What the whole message needs instead of what the largest of its kind would.
    int needed = content.length + IncomingRoom.OVERHEAD;
    ByteBudget budget = budget(held);
    budget.force(needed);
    release(held);
    connection.receive(new Frame(ByteBuffer.wrap(content), binary, () -> budget.release(needed)));
    Message after;
    synchronized (this) {
      after = next.poll();
      reading = after != null;
    }
    if (after != null) {
      begin(after);
    }
  }

  /// Forgets the message; how much of a budget was held for it.
  private synchronized int drop() {
    int held = mayHold;
    mayHold = IncomingRoom.SMALL;
    heldSince = -1;
    bytes = new byte[0];
    size = 0;
    return held;
  }

  private ByteBudget budget(int held) {
    return switch (held) {
      case IncomingRoom.SMALL -> room.small();
      case IncomingRoom.MEDIUM -> room.medium();
      default -> room.large();
    };
  }

  /// Gives back what was held. Outside the lock: those who waited for it go on from here.
  private void release(int held) {
    if (held > IncomingRoom.SMALL) {
      room.medium().release(IncomingRoom.MEDIUM);
    }
    if (held > IncomingRoom.MEDIUM) {
      room.large().release(largest);
    }
  }

  /// Since when a message that is not whole takes room from others, in milliseconds of the relay's
  /// clock.
  synchronized OptionalLong heldSince() {
    return heldSince < 0 ? OptionalLong.empty() : OptionalLong.of(heldSince);
  }

  /// The socket is closed: what was read of a message is dropped.
  void gone() {
    int held;
    synchronized (this) {
      gone = true;
      next.clear();
      held = drop();
    }
    release(held);
  }
}
