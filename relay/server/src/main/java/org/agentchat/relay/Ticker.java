package org.agentchat.relay;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import org.agentchat.ledger.Ledger;
import org.agentchat.log.LogException;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.event.EventCodec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Appends a TICK when a deadline is due and nothing else has moved the log's clock past it, and
/// before the log's clock is so far behind that nothing could move it any more.
final class Ticker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Ticker.class);
  private static final long LOOK_EVERY_MILLIS = 50;

  /// Relays of one log wait a little, each another time, so that one of them ticks for all.
  private static final int SPREAD_MILLIS = 100;

  private static final Duration WITHIN = Duration.ofSeconds(15);

  /// How far the log's clock may be behind, in milliseconds: half of what one event moves it by.
  private static final long IDLE_MILLIS = Ledger.MAX_ADVANCE / 2;

  private final LiveLedger ledger;
  private final String relay;
  private final RelayClock clock;
  private final Thread thread;
  private volatile boolean closed;

  /// Of the ticker's own thread.
  private boolean complained;

  Ticker(LiveLedger ledger, String relay, RelayClock clock) {
    this.ledger = ledger;
    this.relay = relay;
    this.clock = clock;
    this.thread = Thread.ofVirtual().name("ticker").unstarted(ledger.orStop("ticker", this::run));
  }

  void start() {
    thread.start();
  }

  private void run() throws InterruptedException {
    while (!closed) {
      Thread.sleep(LOOK_EVERY_MILLIS);
      if (isDue()) {
        Thread.sleep(ThreadLocalRandom.current().nextInt(SPREAD_MILLIS));
        if (isDue()) {
          tick();
        }
      }
    }
  }

  private boolean isDue() {
    long now = clock.millis();
    long behind = now - ledger.read(Ledger::clock);
    if (behind > Ledger.MAX_ADVANCE) {
      complain(behind);
      return false;
    }
    OptionalLong deadline = ledger.read(Ledger::nextDeadline);
    return behind > IDLE_MILLIS || (deadline.isPresent() && deadline.getAsLong() <= now);
  }

  /// While a relay runs, no time passes of which the log hears nothing for so long: its clock has
  /// jumped.
  private void complain(long behind) {
    if (!complained) {
      complained = true;
      LOG.error(
          "this machine's clock is {} days ahead of the log's: nothing is appended until it is set,"
              + " or the relay is started again",
          Duration.ofMillis(behind).toDays());
    }
  }

  private void tick() throws InterruptedException {
    try {
      ledger.record(EventCodec.encode(new Event.Tick(clock.millis(), relay)), WITHIN);
    } catch (LogException e) {
      LOG.warn("no tick, so no deadline fires: {}", e.getMessage());
      Thread.sleep(WITHIN);
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    Threads.join(thread);
  }
}
