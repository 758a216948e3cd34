package org.agentchat.ledger;

import java.util.LinkedHashSet;
import java.util.Set;
import org.agentchat.schemas.event.LeafHash;

/// Events whose signatures this process verified before it appended them, so that reading them back
/// costs nothing. Only a relay that did verify may add. Thread-safe; the oldest are forgotten.
public final class VerifiedEvents {
  /// Events remembered, about 150 bytes each: some seconds of the fastest relay.
  public static final int MAX_EVENTS = 50_000;

  private final Set<LeafHash> events = new LinkedHashSet<>();

  /// Remembers an event whose signature was verified.
  public synchronized void add(LeafHash event) {
    if (events.size() >= MAX_EVENTS) {
      events.remove(events.iterator().next());
    }
    events.add(event);
  }

  /// Whether the event's signature was verified here.
  public synchronized boolean contains(LeafHash event) {
    return events.contains(event);
  }
}
