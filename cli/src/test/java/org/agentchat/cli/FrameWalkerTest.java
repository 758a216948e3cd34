package org.agentchat.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class FrameWalkerTest {
  private final List<String> found = new ArrayList<>();

  @Test
  void findsFramesOfEveryLengthHoweverTheyArrive() throws IOException {
    List<Integer> lengths = List.of(0, 1, 125, 126, 65_535, 65_536, 3);
    ByteBuffer stream = ByteBuffer.allocate(200_000);
    lengths.forEach(length -> frame(stream, "x".repeat(length)));
    stream.flip();

    for (int portion : List.of(1, 7, 1_000, 200_000)) {
      found.clear();
      walk(stream.duplicate(), portion);
      assertThat(found).extracting(String::length).containsExactlyElementsOf(lengths);
    }
  }

  /// The example of RFC 6455 section 5.7.
  @Test
  void findsHello() throws IOException {
    walk(bytes(0x81, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f), 100);
    assertThat(found).containsExactly("Hello");
  }

  @Test
  void refusesMaskedFragmentedExtendedAndHugeFrames() {
    assertRefused(bytes(0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d));
    assertRefused(bytes(0x01, 0x03, 0x48, 0x65, 0x6c));
    assertRefused(bytes(0xc1, 0x03, 0x48, 0x65, 0x6c));
    assertRefused(bytes(0x81, 0x7f, 0, 0, 0, 1, 0, 0, 0, 0));
    assertRefused(bytes(0x81, 0x7f, 0xff, 0, 0, 1, 0, 0, 0, 0));
  }

  private void assertRefused(ByteBuffer stream) {
    assertThatThrownBy(() -> walk(stream, 100)).isInstanceOf(IOException.class);
    assertThat(found).isEmpty();
  }

  private void walk(ByteBuffer stream, int portion) throws IOException {
    FrameWalker walker = new FrameWalker(16);
    while (stream.hasRemaining()) {
      ByteBuffer space = walker.space();
      int count = Math.min(Math.min(portion, space.remaining()), stream.remaining());
      space.put(stream.slice(stream.position(), count));
      stream.position(stream.position() + count);
      walker.received(count);
      walker.walk((opcode, payload, offset, length) -> {
        assertThat(opcode).isEqualTo(FrameWalker.TEXT);
        found.add(new String(payload, offset, length, StandardCharsets.US_ASCII));
      });
    }
  }

  private static void frame(ByteBuffer to, String text) {
    to.put((byte) 0x81);
    if (text.length() < 126) {
      to.put((byte) text.length());
    } else if (text.length() < 65_536) {
      to.put((byte) 126).putShort((short) text.length());
    } else {
      to.put((byte) 127).putLong(text.length());
    }
    to.put(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static ByteBuffer bytes(int... values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length);
    for (int value : values) {
      bytes.put((byte) value);
    }
    return bytes.flip();
  }
}
