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

/// Appends a TICK when a deadline is due and nothing else has moved the log's clock past it.
final class Ticker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Ticker.class);
  private static final long LOOK_EVERY_MILLIS = 50;

  /// Relays of one log wait a little, each another time, so that one of them ticks for all.
  private static final int SPREAD_MILLIS = 100;

  private static final Duration WITHIN = Duration.ofSeconds(15);

  private final LiveLedger ledger;
  private final String relay;
  private final RelayClock clock;
  private final Thread thread;
  private volatile boolean closed;

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
    OptionalLong deadline = ledger.read(Ledger::nextDeadline);
    return deadline.isPresent() && deadline.getAsLong() <= clock.millis();
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
