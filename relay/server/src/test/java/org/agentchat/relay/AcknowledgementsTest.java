package org.agentchat.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What counts as heard.
final class AcknowledgementsTest {
  private final List<Long> pings = new ArrayList<>();
  private long now;
  private final Acknowledgements acknowledgements =
      new Acknowledgements(() -> now, ping -> pings.add(ByteBuffer.wrap(ping).getLong()));

  @Test
  void nothingCountsAsHeardBeforeItsPong() {
    acknowledgements.sent(7);
    assertThat(acknowledgements.heardUpTo()).isEqualTo(-1);
    pong(7);
    assertThat(acknowledgements.heardUpTo()).isEqualTo(7);
  }

  @Test
  void whatWasSentWhileAPingWasUnderWayIsAskedForWithItsPong() {
    acknowledgements.sent(1);
    acknowledgements.sent(2);
    acknowledgements.sent(3);
    assertThat(pings).containsExactly(1L);
    pong(1);
    assertThat(pings).containsExactly(1L, 3L);
  }

  /// A peer may answer only the latest of several pings, and once asked no more then.
  @Test
  void laterPingsPongCountsForTheEarlierOne() {
    acknowledgements.sent(1);
    acknowledgements.ask();
    pong(1);
    acknowledgements.sent(2);
    assertThat(pings).containsExactly(1L, 1L, 2L);
  }

  @Test
  void pingWithoutAnAnswerIsSentAgain() {
    acknowledgements.sent(1);
    now = 5_000;
    acknowledgements.askIfBehind();
    assertThat(pings).containsExactly(1L, 1L);
  }

  @Test
  void nobodyHasHeardMoreThanWasSent() {
    acknowledgements.sent(1);
    pong(1_000);
    assertThat(acknowledgements.heardUpTo()).isEqualTo(1);
  }

  @Test
  void busyPeerIsAskedTenTimesASecond() {
    for (int i = 0; i < 1_000; i++) {
      acknowledgements.sent(i);
      pong(i);
    }
    assertThat(pings).hasSize(20);
    now = 1_000;
    for (int i = 1_000; i < 2_000; i++) {
      acknowledgements.sent(i);
      pong(i);
    }
    assertThat(pings).hasSize(30);
  }

  private void pong(long index) {
    acknowledgements.ponged(ByteBuffer.allocate(Long.BYTES).putLong(index).flip());
  }
}
