package org.agentchat.deploy;

import java.time.Duration;
import java.time.InstantSource;
import org.agentchat.akash.chain.Block;
import org.agentchat.akash.chain.ChainClient;
import org.agentchat.akash.chain.NodeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks the network from time to time whether it is there, beside the worker's thread, which asks
/// nothing when there is nothing to do and waits long when there is no answer.
final class ChainWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Worker.class);

  /// What a statement's time may be from the log's.
  private static final Duration MAX_SKEW = Duration.ofMinutes(10);

  private final ChainClient chain;
  private final InstantSource clock;
  private final Duration pause;
  private final Thread thread;
  private volatile boolean clockSuspect;
  private volatile WorkerHealth.Chain seen;

  ChainWatch(ChainClient chain, InstantSource clock, Duration pause) {
    this.chain = chain;
    this.clock = clock;
    this.pause = pause;
    this.seen = new WorkerHealth.Chain(chain.network().chainId(), false, null, 0, null);
    this.thread = Thread.ofVirtual().name("deploy-chain").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  WorkerHealth.Chain seen() {
    return seen;
  }

  /// Whether the network's clock and this machine's disagree: then no time is over, and nothing may
  /// be said, for the log's clock would run ahead and never back.
  boolean isClockSuspect() {
    return clockSuspect;
  }

  private void run() {
    try {
      while (true) {
        look();
        Thread.sleep(pause);
      }
    } catch (InterruptedException _) {
      // It is closed.
    }
  }

  private void look() {
    WorkerHealth.Chain before = seen;
    try {
      chain.requireUsableNode();
      Block block = chain.block();
      long aheadMs = clock.millis() - block.atMs();
      clockSuspect = Math.abs(aheadMs) > MAX_SKEW.toMillis();
      seen = next(before, !clockSuspect, block.height(), clockSuspect ? skewed(aheadMs) : null);
    } catch (NodeException e) {
      if (!Thread.currentThread().isInterrupted()) {
        seen = next(before, false, before.height(), String.valueOf(e.getMessage()));
      }
    }
    if (before.answers() && !seen.answers()) {
      log.warn("the network is away: {}", seen.trouble());
    } else if (before.since() != null && !before.answers() && seen.answers()) {
      log.info("the network answers again, at height {}", seen.height());
    }
  }

  private static String skewed(long aheadMs) {
    return "this machine's clock is %d s %s the network's last block: one of them is wrong"
        .formatted(Math.abs(aheadMs) / 1_000, aheadMs < 0 ? "behind" : "ahead of");
  }

  private WorkerHealth.Chain next(
      WorkerHealth.Chain before, boolean answers, long height, @Nullable String trouble) {
    Long since = before.since();
    boolean same = since != null && before.answers() == answers;
    return new WorkerHealth.Chain(
        before.id(), answers, same ? since : Long.valueOf(clock.millis()), height, trouble);
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
