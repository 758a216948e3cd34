package org.agentchat.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.agentchat.ledger.Ledger;
import org.agentchat.ledger.VerifiedEvents;
import org.agentchat.log.LogRecord;
import org.junit.jupiter.api.Test;

/// A relay that starts on a log that was idle, or with a wrong clock.
final class LogClockTest {
  private static final long START = 1_795_000_000_000L;

  private final MemoryLog log = new MemoryLog();

  private void start(Duration after) throws IOException, InterruptedException {
    Relay.start(
            RelaySettings.of("127.0.0.1", 0, "test-relay", "agentchat.test/1"),
            log,
            new VerifiedEvents(),
            () -> START + after.toMillis())
        .close();
  }

  @Test
  void logThatWasIdleForMonthsIsBroughtUpByTicks() throws Exception {
    start(Duration.ZERO);
    start(Duration.ofMillis(3 * Ledger.MAX_ADVANCE + 1));

    List<String> events =
        log.read(0, 10).stream()
            .map(LogRecord::value)
            .map(value -> new String(value, StandardCharsets.UTF_8))
            .toList();
    assertThat(events.subList(1, 4))
        .allSatisfy(event -> assertThat(event).contains("\"type\":\"TICK\""));
    assertThat(events.get(3)).contains("\"at\":" + (START + 3 * Ledger.MAX_ADVANCE));
  }

  @Test
  void relayWhoseClockIsYearsAheadDoesNotStartAndAppendsNothing() throws Exception {
    start(Duration.ZERO);
    long size = log.size();
    assertThatThrownBy(() -> start(Duration.ofDays(3_650)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("3650 days ahead of the log's");
    assertThat(log.size()).isEqualTo(size);
  }
}
