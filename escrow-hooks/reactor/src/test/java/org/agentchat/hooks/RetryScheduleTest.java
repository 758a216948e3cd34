package org.agentchat.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class RetryScheduleTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);

  private static Intent failed(int times) {
    return new Intent(1, "a", "msg_1", "lane", "receipt:issued", "{}", 7, NOW, times);
  }

  private static Duration pause(int failures, Duration wished, Random random) {
    Outcome outcome = RetrySchedule.DEFAULT.failed(failed(failures), "no", wished, NOW, random);
    return Duration.between(NOW, ((Outcome.Retry) outcome).at());
  }

  @Test
  void pausesGrowAndEveryOneHasItsJitter() {
    Random random = new Random(2026);
    List<Integer> seconds = List.of(5, 30, 120, 600, 1_800);
    for (int i = 0; i < seconds.size(); i++) {
      long least = seconds.get(i) * 1_000L;
      int failures = i;
      List<Long> pauses =
          Stream.generate(() -> pause(failures, Duration.ZERO, random).toMillis())
              .limit(50)
              .toList();
      assertThat(pauses).allSatisfy(pause -> assertThat(pause).isBetween(least, least * 6 / 5));
      assertThat(pauses.stream().distinct().count()).isGreaterThan(20);
    }
  }

  @Test
  void oneMoreFailureIsTheEnd() {
    Outcome outcome =
        RetrySchedule.DEFAULT.failed(failed(5), "HTTP 500", Duration.ZERO, NOW, new Random(1));
    assertThat(outcome).isEqualTo(new Outcome.Dead("given up after 6 attempts: HTTP 500"));
  }

  @Test
  void longerPauseIsGrantedWhenItIsWishedFor() {
    assertThat(pause(0, Duration.ofMinutes(7), new Random(1)))
        .isBetween(Duration.ofMinutes(7), Duration.ofMinutes(7).plusSeconds(1));
    assertThat(pause(4, Duration.ofMinutes(7), new Random(1)))
        .isGreaterThanOrEqualTo(Duration.ofMinutes(30));
    assertThat(pause(0, Duration.ofDays(90), new Random(1))).isLessThan(Duration.ofHours(25));
  }

  @Test
  void scheduleWithoutPausesGivesUpAtOnce() {
    RetrySchedule never = new RetrySchedule(List.of());
    assertThat(never.failed(failed(0), "no", Duration.ZERO, NOW, new Random(1)))
        .isInstanceOf(Outcome.Dead.class);
  }

  @Test
  void scheduleIsBounded() {
    assertThatThrownBy(() -> new RetrySchedule(List.of(Duration.ZERO)))
        .hasMessageContaining("more than nothing");
    assertThatThrownBy(() -> new RetrySchedule(List.of(Duration.ofHours(25))))
        .hasMessageContaining("at most 24 h");
    assertThatThrownBy(() ->
            new RetrySchedule(Stream.generate(() -> Duration.ofSeconds(1)).limit(21).toList()))
        .hasMessageContaining("at most 20 pauses");
  }
}
