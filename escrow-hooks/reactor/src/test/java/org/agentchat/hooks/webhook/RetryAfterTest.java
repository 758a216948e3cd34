package org.agentchat.hooks.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class RetryAfterTest {
  private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");

  @Test
  void secondsAndDatesAreUnderstood() {
    assertThat(RetryAfter.of("120", NOW)).isEqualTo(Duration.ofMinutes(2));
    assertThat(RetryAfter.of(" 120 ", NOW)).isEqualTo(Duration.ofMinutes(2));
    assertThat(RetryAfter.of("Mon, 30 Nov 2026 12:05:00 GMT", NOW))
        .isEqualTo(Duration.ofMinutes(5));
  }

  @Test
  void whatMakesNoSenseOrIsOverAsksForNothing() {
    assertThat(RetryAfter.of(null, NOW)).isZero();
    assertThat(RetryAfter.of("soon", NOW)).isZero();
    assertThat(RetryAfter.of("-5", NOW)).isZero();
    assertThat(RetryAfter.of("99999999999999999999", NOW)).isZero();
    assertThat(RetryAfter.of("Mon, 30 Nov 2026 11:00:00 GMT", NOW)).isZero();
  }

  @Test
  void noMoreThanAnHourIsGranted() {
    assertThat(RetryAfter.of("999999999", NOW)).isEqualTo(Duration.ofHours(1));
    assertThat(RetryAfter.of("Tue, 30 Nov 2027 12:00:00 GMT", NOW)).isEqualTo(Duration.ofHours(1));
  }
}
