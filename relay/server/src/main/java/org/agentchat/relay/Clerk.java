package org.agentchat.relay;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.agentchat.ledger.Applied;
import org.agentchat.ledger.CourtEffect;
import org.agentchat.ledger.Dispute;
import org.agentchat.ledger.Ledger;
import org.agentchat.log.LogException;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.event.EventCodec;
import org.agentchat.schemas.identity.Sha256;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reveals this relay's nonce in every case that it has recorded, once the disputant's is known, on
/// a thread of its own. It looks at the ledger and not at what it was told, so a case that waited
/// while the relay was away is served too.
final class Clerk implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Clerk.class);
  private static final Duration WITHIN = Duration.ofSeconds(15);

  /// How long it rests when the log is away; the case waits for ten minutes.
  private static final long PAUSE_MILLIS = 1_000;

  private final LiveLedger ledger;
  private final String relay;
  private final RelaySecret secret;
  private final RelayClock clock;
  private final Bell bell;
  private final Thread thread;

  /// Cases whose nonce this relay cannot tell, so that it says so once. Touched by the thread only.
  private final Set<String> lost = new HashSet<>();

  /// Rung when a disputant's nonce is known, and once at the start. Never blocks who rings it.
  static final class Bell {
    private final Semaphore calls = new Semaphore(1);

    void hear(Applied applied) {
      if (applied.effects().stream().anyMatch(CourtEffect.NonceRevealed.class::isInstance)) {
        calls.release();
      }
    }
  }

  Clerk(LiveLedger ledger, String relay, RelaySecret secret, RelayClock clock, Bell bell) {
    this.ledger = ledger;
    this.relay = relay;
    this.secret = secret;
    this.clock = clock;
    this.bell = bell;
    this.thread = Thread.ofVirtual().name("clerk").unstarted(ledger.orStop("clerk", this::run));
  }

  void start() {
    thread.start();
  }

  private void run() throws InterruptedException {
    while (true) {
      bell.calls.acquire();
      bell.calls.drainPermits();
      if (!serve()) {
        bell.calls.release();
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      }
    }
  }

  /// Serves every case that waits for this relay; false when it is to be tried again.
  private boolean serve() throws InterruptedException {
    List<Dispute> waiting = ledger.read(this::waiting);
    lost.removeIf(id -> waiting.stream().noneMatch(dispute -> dispute.id().equals(id)));
    boolean served = true;
    for (Dispute dispute : waiting) {
      served &= serve(dispute);
    }
    return served;
  }

  private List<Dispute> waiting(Ledger known) {
    return known.disputes().stream()
        .filter(dispute -> dispute.phase() == Dispute.Phase.REVEALED)
        .filter(dispute -> dispute.relay().equals(relay))
        .toList();
  }

  private boolean serve(Dispute dispute) throws InterruptedException {
    String nonce = secret.nonce(dispute.proposalId(), dispute.intent().commitment());
    if (!Sha256.hex(nonce).equals(dispute.panel().commitment())) {
      if (lost.add(dispute.id())) {
        LOG.warn(
            "{} was recorded with another secret of this relay: it will find no panel",
            dispute.id());
      }
      return true;
    }
    try {
      Event event = new Event.PanelNonce(clock.millis(), relay, dispute.id(), nonce);
      ledger.record(EventCodec.encode(event), WITHIN);
      return true;
    } catch (LogException e) {
      LOG.warn("no nonce for {}, trying again: {}", dispute.id(), e.getMessage());
      return false;
    }
  }

  @Override
  public void close() {
    thread.interrupt();
    Threads.join(thread);
  }
}
