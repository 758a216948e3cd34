package org.agentchat.relay;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.agentchat.ledger.Ledger;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.event.EventCodec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Holds this machine's clock against the log's when a relay starts. The log's never runs back, and
/// one event moves it by [Ledger#MAX_ADVANCE] at the most, so a log that was idle for longer is
/// brought up by several.
final class LogClock {
  /// A log that was idle for longer is rarer than a clock that is wrong.
  static final Duration LONGEST_IDLE = Duration.ofDays(366);

  /// From here on statements that agents sign are refused as stale.
  private static final Duration TOLERATED = Duration.ofMinutes(10);

  private static final Duration WITHIN = Duration.ofSeconds(15);
  private static final Logger LOG = LoggerFactory.getLogger(LogClock.class);

  private LogClock() {}

  /// Brings the log's clock up to where an event of this relay is taken.
  ///
  /// @throws IOException if this machine's clock is too far ahead to be right
  /// @throws org.agentchat.log.LogException if the log cannot be written
  static void align(LiveLedger ledger, String relay, RelayClock clock)
      throws IOException, InterruptedException {
    Duration ahead = ahead(ledger, clock);
    if (ahead.compareTo(LONGEST_IDLE) > 0) {
      throw new IOException(
          "This machine's clock (%s) is %d days ahead of the log's (%s): set it; a relay appends to a log that was idle for %d days at most"
              .formatted(
                  Instant.ofEpochMilli(clock.millis()),
                  ahead.toDays(),
                  Instant.ofEpochMilli(ledger.read(Ledger::clock)),
                  LONGEST_IDLE.toDays()));
    }
    if (ahead.negated().compareTo(TOLERATED) > 0) {
      LOG.warn(
          "this machine's clock is {} behind the log's: statements are stale until it is set",
          ahead.negated());
    }
    while (ahead(ledger, clock).toMillis() > Ledger.MAX_ADVANCE) {
      long next = ledger.read(Ledger::clock) + Ledger.MAX_ADVANCE;
      ledger.record(EventCodec.encode(new Event.Tick(next, relay)), WITHIN);
    }
  }

  private static Duration ahead(LiveLedger ledger, RelayClock clock) {
    return Duration.ofMillis(clock.millis() - ledger.read(Ledger::clock));
  }
}
