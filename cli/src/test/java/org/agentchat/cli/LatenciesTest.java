package org.agentchat.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class LatenciesTest {
  private final Latencies latencies = new Latencies();

  @Test
  void quantilesOfHundredMillisecondsAreTheirRanks() {
    for (int millis = 1; millis <= 100; millis++) {
      latencies.add(Duration.ofMillis(millis).toNanos());
    }

    assertThat(latencies.count()).isEqualTo(100);
    Latencies.Quantiles found = latencies.quantiles();
    assertThat(found.p50()).isCloseTo(50, within(0.1));
    assertThat(found.p95()).isCloseTo(95, within(0.1));
    assertThat(found.p99()).isCloseTo(99, within(0.1));
    assertThat(found.max()).isCloseTo(100, within(0.1));
  }

  @Test
  void nothingCountedIsZero() {
    assertThat(latencies.quantiles()).isEqualTo(new Latencies.Quantiles(0, 0, 0, 0));
  }

  @Test
  void timesOutOfRangeAreCountedAtItsEnds() {
    latencies.add(-5);
    latencies.add(Duration.ofHours(1).toNanos());

    assertThat(latencies.count()).isEqualTo(2);
    assertThat(latencies.quantiles().p50()).isZero();
    assertThat(latencies.quantiles().max()).isEqualTo(120_000);
  }

  @Test
  void clearedCountsNothing() {
    latencies.add(1_000_000);
    latencies.clear();

    assertThat(latencies.count()).isZero();
  }
}
