package org.agentchat.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReconnectPolicyTest {
  @Test
  void defaultDoublesFromTwoSecondsToAMinute() {
    ReconnectPolicy policy =
        new ReconnectPolicy(
            Duration.ofSeconds(2), Duration.ofSeconds(60), Duration.ZERO, Duration.ofMinutes(10));

    assertThat(IntStream.range(0, 7).mapToObj(n -> policy.delay(n, new Random(1)).toSeconds()))
        .containsExactly(2L, 4L, 8L, 16L, 32L, 60L, 60L);
    assertThat(policy.delay(Integer.MAX_VALUE, new Random(1))).isEqualTo(Duration.ofSeconds(60));
  }

  @Test
  void jitterStaysBelowItsLimit() {
    Random random = new Random(1);

    for (int i = 0; i < 1000; i++) {
      assertThat(ReconnectPolicy.DEFAULT.delay(0, random))
          .isBetween(Duration.ofSeconds(2), Duration.ofSeconds(3));
    }
  }

  @Test
  void neverMeansNever() {
    assertThat(ReconnectPolicy.NEVER.tries()).isFalse();
    assertThat(ReconnectPolicy.DEFAULT.tries()).isTrue();
  }

  @Test
  void senselessTimesAreRefused() {
    Duration second = Duration.ofSeconds(1);
    Duration negative = Duration.ofSeconds(-1);

    assertThatThrownBy(() -> new ReconnectPolicy(Duration.ZERO, second, second, second))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ReconnectPolicy(second, Duration.ofMillis(999), second, second))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ReconnectPolicy(second, second, negative, second))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Timeouts(second, second, second, second))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Timeouts(Duration.ZERO, second, second, Duration.ofSeconds(2)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
