package org.agentchat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class FanoutStampTest {
  private final FanoutStamp stamp = new FanoutStamp();

  @Test
  void timeIsFoundWhereverTheMessageIs() {
    assertThat(micros("{\"content\":\"" + stamp.text(1234567, 500) + "\"}")).isEqualTo(1234567);
    assertThat(micros(stamp.text(0, FanoutStamp.MIN_BYTES))).isZero();
    assertThat(micros("more in front " + stamp.text(99, 60))).isEqualTo(99);
  }

  @Test
  void messagesHaveTheLengthAskedFor() {
    assertThat(stamp.text(600_000_000_000L, FanoutStamp.MIN_BYTES)).hasSize(FanoutStamp.MIN_BYTES);
    assertThat(stamp.text(1, 500)).hasSize(500);
  }

  @Test
  void otherFramesHaveNoTime() {
    assertThat(micros("{\"type\":\"PONG\"}")).isEqualTo(-1);
    assertThat(micros("")).isEqualTo(-1);
    assertThat(micros(stamp.text(1, 50).substring(0, 20))).isEqualTo(-1);
  }

  private long micros(String frame) {
    byte[] bytes = frame.getBytes(StandardCharsets.US_ASCII);
    return stamp.micros(bytes, 0, bytes.length);
  }
}
