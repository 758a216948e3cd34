package org.agentchat.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.agentchat.ledger.EntryReader;
import org.agentchat.ledger.VerifiedEvents;
import org.agentchat.log.LogUnavailableException;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.event.EventCodec;
import org.agentchat.schemas.identity.Ed25519Verifier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class LiveLedgerTest {
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final byte[] TICK = EventCodec.encode(new Event.Tick(1, "relay"));

  private final MemoryLog log = new MemoryLog();
  private final LiveLedger ledger =
      new LiveLedger(
          log, new EntryReader(new Ed25519Verifier(), new VerifiedEvents()), (_, _) -> {});

  @AfterEach
  void close() {
    ledger.close();
  }

  @Test
  void waiterIsToldWhenTheFoldStops() {
    // Nobody follows yet, so that the event is durable and waits.
    CompletableFuture<Throwable> outcome = recordInBackground();
    log.poison(new OutOfMemoryError("for the test"));
    ledger.follow();
    assertThat(outcome.join())
        .isInstanceOf(LogUnavailableException.class)
        .hasMessageContaining("OutOfMemoryError");
    assertThat(((LogUnavailableException) outcome.join()).mayBeRecorded()).isTrue();
    assertThat(ledger.failed()).isCompleted();
  }

  @Test
  void waiterIsToldWhenTheRelayStops() {
    CompletableFuture<Throwable> outcome = recordInBackground();
    ledger.close();
    assertThat(((LogUnavailableException) outcome.join()).mayBeRecorded()).isTrue();
    assertThatThrownBy(() -> ledger.record(TICK, LONG))
        .hasMessageContaining("nothing was recorded");
  }

  /// Once the ticker died without a word and no deadline fired from this relay.
  @Test
  void bugInAThreadThatWorksOnTheLedgerStopsIt() {
    ledger
        .orStop(
            "ticker",
            () -> {
              throw new IllegalStateException("for the test");
            })
        .run();
    assertThat(ledger.failed()).isCompleted();
    assertThat(ledger.trouble())
        .hasValueSatisfying(why -> assertThat(why).startsWith("a bug ended the ticker"));
  }

  @Test
  void troubleLastsUntilTheLogMoves() throws InterruptedException {
    ledger.follow();
    log.goAway(true);
    assertThatThrownBy(() -> ledger.record(TICK, LONG)).hasMessageContaining("broker is away");
    assertThat(ledger.trouble()).hasValueSatisfying(why -> assertThat(why).contains("away"));
    log.goAway(false);
    ledger.record(TICK, LONG);
    assertThat(ledger.trouble()).isEmpty();
  }

  private CompletableFuture<Throwable> recordInBackground() {
    CompletableFuture<Throwable> outcome = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            ledger.record(TICK, LONG);
            outcome.completeExceptionally(new AssertionError("applied"));
          } catch (LogUnavailableException | InterruptedException e) {
            outcome.complete(e);
          }
        });
    await().atMost(Peer.PATIENCE).until(() -> log.size() == 1);
    return outcome;
  }
}
