package org.agentchat.ledger.server;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.agentchat.ledger.CommittedRatings;
import org.agentchat.ledger.Ledger;
import org.agentchat.log.EventLog;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.event.EventCodec;
import org.agentchat.schemas.identity.Identity;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Commits to everybody's rating, in the log: after many entries at once, and after fewer when some
/// time has passed. A rating that has not moved needs no new word. Used by the projector's thread.
final class RatingsCommitter {
  /// Entries after which ratings are committed to without waiting.
  static final int MANY = 1_000;

  /// What the ledger calls itself in the log.
  private static final String NAME = "ledger";

  private static final Logger log = LoggerFactory.getLogger(RatingsCommitter.class);

  private final EventLog events;
  private final Identity keys;
  private final Duration rest;
  private final InstantSource clock;

  /// What this ledger said last. Another ledger's word is no reason to be silent.
  private Optional<String> said = Optional.empty();

  private long lastSize;
  private long lookedAt = System.nanoTime();

  /// @param events stays its owner's
  /// @param rest from one commitment to the next, unless there are many entries
  RatingsCommitter(EventLog events, Identity keys, Duration rest, InstantSource clock) {
    this.events = events;
    this.keys = keys;
    this.rest = rest;
    this.clock = clock;
  }

  /// Looks whether it is time. The fold has read all that was in the log.
  void look(Ledger ledger) {
    long now = System.nanoTime();
    boolean many = ledger.size() - lastSize >= MANY;
    if (ledger.origin().isEmpty() || (!many && now - lookedAt < rest.toNanos())) {
      return;
    }
    lookedAt = now;
    lastSize = ledger.size();
    String root = ledger.ratingsRoot(ledger.size()).orElseThrow();
    if (said.isEmpty()) {
      said =
          ledger
              .committedRatings(keys.key())
              .map(CommittedRatings::event)
              .map(Event.RatingsCommitted::root);
    }
    if (!said.equals(Optional.of(root))) {
      said = Optional.of(root);
      commit(ledger.origin().get(), ledger.size(), root);
    }
  }

  /// Whether it stands is seen in the log, by everybody. One that came too late is refused there
  /// and made again later.
  private void commit(String origin, long size, String root) {
    Event.RatingsCommitted event =
        Event.RatingsCommitted.sign(keys, clock.millis(), NAME, origin, size, root);
    CompletableFuture<Void> _ =
        events
            .append(EventCodec.encode(event))
            .handle((_, failure) -> {
              if (failure != null) {
                log.warn("ratings are not committed to: {}", failure.getMessage());
              }
              return null;
            });
  }
}
