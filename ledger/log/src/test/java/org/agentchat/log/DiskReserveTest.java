package org.agentchat.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class DiskReserveTest {

  private static final long MEBIBYTE = 1024 * 1024;

  private final AtomicLong free = new AtomicLong(100 * MEBIBYTE);
  private final AtomicLong nanos = new AtomicLong();
  private final AtomicInteger looks = new AtomicInteger();

  private final DiskReserve reserve =
      new DiskReserve(
          Path.of("/data"),
          64 * MEBIBYTE,
          () -> {
            looks.incrementAndGet();
            return free.get();
          },
          nanos::get);

  @Test
  void diskIsLookedAtOnceInAQuarterOfASecond() {
    for (int i = 0; i < 1_000; i++) {
      assertThat(reserve.exhausted()).isFalse();
      nanos.addAndGet(Duration.ofMillis(1).toNanos());
    }
    assertThat(looks).hasValue(1 + 3);
  }

  @Test
  void reserveIsExhaustedBelowTheMinimumAndRecovers() {
    free.set(64 * MEBIBYTE - 1);
    pass(DiskReserve.SAMPLE_INTERVAL);
    assertThat(reserve.exhausted()).isTrue();

    free.set(64 * MEBIBYTE);
    assertThat(reserve.exhausted()).isTrue();
    pass(DiskReserve.SAMPLE_INTERVAL);
    assertThat(reserve.exhausted()).isFalse();
  }

  @Test
  void guardedLogRefusesAppendsWhileTheReserveIsExhausted() throws Exception {
    EventLog log = new GuardedEventLog(new MemoryLog(), reserve);
    EventLogContract.append(log, "before");
    free.set(12 * MEBIBYTE);
    pass(DiskReserve.SAMPLE_INTERVAL);

    assertThatThrownBy(() -> log.append(new byte[1]).get())
        .cause()
        .isInstanceOf(LogUnavailableException.class)
        .hasMessage(
            "The disk of /data is nearly full: 12 MiB free, 64 MiB kept in reserve;"
                + " nothing was recorded");

    assertThat(log.read(0, 10)).hasSize(1);
    free.set(100 * MEBIBYTE);
    pass(DiskReserve.SAMPLE_INTERVAL);
    assertThat(EventLogContract.append(log, "after")).isEqualTo(1);
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }
}
