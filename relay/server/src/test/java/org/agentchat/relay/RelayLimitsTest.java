package org.agentchat.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class RelayLimitsTest {
  @Test
  void replayThatWouldDisconnectThoseWhoJoinIsRefused() {
    RelayLimits limits = RelayLimits.defaults();
    assertThat(limits.withReplay(8_191).replay().frames()).isEqualTo(8_191);
    assertThatThrownBy(() -> limits.withReplay(8_192))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("replayed messages: 0 to 8191 wanted, found 8192");
  }

  /// One tick can end as many offers of one party as it has open.
  @Test
  void burstOfSmallFramesFitsTheOutbox() {
    assertThat(RelayLimits.defaults().outbox().frames()).isEqualTo(8_192);
    assertThat(RelayLimits.defaults().outbox().bytes()).isEqualTo(8L * 1024 * 1024);
  }

  @Test
  void bucketChargesBySizeAndTheBurstAtTheMost() {
    TokenBucket bucket = new TokenBucket(new RelayLimits.Rate(1, 10), 0);
    assertThat(bucket.take(0, 7)).isTrue();
    assertThat(bucket.take(0, 4)).isFalse();
    assertThat(bucket.take(0, 3)).isTrue();
    assertThat(bucket.take(9_999, 128)).isFalse();
    assertThat(bucket.take(10_000, 128)).isTrue();
    assertThat(bucket.take(10_000)).isFalse();
  }
}
