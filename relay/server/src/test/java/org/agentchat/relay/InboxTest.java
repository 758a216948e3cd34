package org.agentchat.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
final class InboxTest {
  private static final RelayLimits LIMITS = RelayLimits.defaults();

  private final AtomicBoolean reading = new AtomicBoolean(true);
  private final Inbox inbox = new Inbox(LIMITS, () -> reading.set(false), () -> reading.set(true));

  @Test
  void readingPausesOneFrameBeforeTheInboxIsFull() {
    for (int i = 0; i < LIMITS.inbox().frames() - 1; i++) {
      assertThat(reading).isTrue();
      assertThat(inbox.offer(frame("x"))).isTrue();
    }
    assertThat(reading).isFalse();
    assertThat(inbox.offer(frame("read before the pause"))).isTrue();
    assertThat(inbox.offer(frame("one too many"))).isFalse();
  }

  @Test
  void readingPausesAtTheLimitOfBytesAndGoesOnWhenHalfIsHandled() throws InterruptedException {
    String large = "x".repeat((int) LIMITS.inbox().bytes() / 4);
    for (int i = 0; i < 4; i++) {
      assertThat(reading).isTrue();
      assertThat(inbox.offer(frame(large))).isTrue();
    }
    assertThat(reading).isFalse();
    inbox.take(0);
    assertThat(reading).isFalse();
    inbox.take(0);
    assertThat(reading).isTrue();
  }

  @Test
  void bytesAreBoundedEvenIfFramesComeInSpiteOfThePause() {
    String large = "x".repeat((int) LIMITS.inbox().bytes());
    assertThat(inbox.offer(frame(large))).isTrue();
    assertThat(inbox.offer(frame(large))).isTrue();
    assertThat(inbox.offer(frame(large))).isFalse();
  }

  /// Once the handling thread could drain everything between a pause's decision and the pause.
  @Test
  void noPauseOutlastsTheFrames() throws InterruptedException {
    int frames = 200_000;
    Thread socket =
        Thread.ofPlatform()
            .start(() -> {
              for (int i = 0; i < frames; ) {
                if (reading.get() && inbox.offer(frame("x"))) {
                  i++;
                } else {
                  // Who spins on the only core keeps it from those who handle what waits.
                  LockSupport.parkNanos(1);
                }
              }
            });
    for (int i = 0; i < frames; i++) {
      assertThat(inbox.take(60_000)).as("frame %d, reading %s", i, reading).isPresent();
    }
    socket.join();
    assertThat(reading).isTrue();
  }

  @Test
  void peerThatHasGoneWakesTheReader() throws InterruptedException {
    inbox.wake();
    assertThat(inbox.take(600_000)).isEmpty();
  }

  private static Frame frame(String text) {
    return new Frame(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), false, () -> {});
  }
}
