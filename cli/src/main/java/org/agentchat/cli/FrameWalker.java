package org.agentchat.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// Finds the frames in what a WebSocket server sends (RFC 6455 section 5.2), without copying or
/// decoding them. Only what servers send is taken: whole, unmasked, without extensions.
final class FrameWalker {
  static final int TEXT = 0x1;
  static final int CLOSE = 0x8;
  static final int PING = 0x9;

  /// The largest frame that is taken, above what any AgentChat server sends.
  static final int MAX_FRAME = 8 * 1024 * 1024;

  private static final int FIN = 0x80;
  private static final int MASKED = 0x80;
  private static final int OPCODE = 0x0F;
  private static final int RESERVED = 0x70;
  private static final int LENGTH = 0x7F;
  private static final int SHORT_FOLLOWS = 126;
  private static final int LONG_FOLLOWS = 127;

  /// What to do with a frame.
  @FunctionalInterface
  interface Visitor {
    /// Takes one frame.
    ///
    /// @param payload valid during the call only, from `offset`, `length` bytes
    void frame(int opcode, byte[] payload, int offset, int length) throws IOException;
  }

  private byte[] bytes;
  private int start;
  private int end;

  /// @param capacity bytes taken at once, at first
  FrameWalker(int capacity) {
    this.bytes = new byte[capacity];
  }

  /// Where the next bytes go; tell [#received] how many came.
  ByteBuffer space() {
    if (start == end) {
      start = 0;
      end = 0;
    } else if (end == bytes.length) {
      makeRoom();
    }
    return ByteBuffer.wrap(bytes, end, bytes.length - end);
  }

  private void makeRoom() {
    if (start == 0) {
      bytes = Arrays.copyOf(bytes, bytes.length * 2);
    } else {
      System.arraycopy(bytes, start, bytes, 0, end - start);
      end -= start;
      start = 0;
    }
  }

  void received(int count) {
    end += count;
  }

  /// Visits every frame that is complete.
  ///
  /// @throws IOException if the bytes are not such frames, or as the visitor throws
  void walk(Visitor visitor) throws IOException {
    while (end - start >= 2) {
      int first = bytes[start] & 0xFF;
      int second = bytes[start + 1] & 0xFF;
      if ((first & FIN) == 0 || (first & RESERVED) != 0 || (second & MASKED) != 0) {
        throw new IOException(
            "a whole, unmasked frame wanted, found one that starts with %02x %02x"
                .formatted(first, second));
      }
      int header = headerLength(second & LENGTH);
      if (end - start < header) {
        return;
      }
      long length = payloadLength(second & LENGTH);
      if (length < 0 || length > MAX_FRAME) {
        throw new IOException("a frame of at most " + MAX_FRAME + " bytes wanted, found " + length);
      }
      if (end - start - header < length) {
        return;
      }
      int offset = start + header;
      start = offset + (int) length;
      visitor.frame(first & OPCODE, bytes, offset, (int) length);
    }
  }

  private static int headerLength(int length) {
    return switch (length) {
      case SHORT_FOLLOWS -> 4;
      case LONG_FOLLOWS -> 10;
      default -> 2;
    };
  }

  private long payloadLength(int length) {
    ByteBuffer header = ByteBuffer.wrap(bytes);
    return switch (length) {
      case SHORT_FOLLOWS -> header.getShort(start + 2) & 0xFFFF;
      case LONG_FOLLOWS -> header.getLong(start + 2);
      default -> length;
    };
  }
}
