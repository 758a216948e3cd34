package org.agentchat.schemas.identity;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The keys that were read last: who speaks once speaks again, and a key's short name costs more
/// than all else in reading it. Of two keys that share a place the later one stays, so it never
/// holds more than [#PLACES], whatever is read. Thread-safe, without locks.
final class RecentKeys {
  /// About 1 MB when all are taken.
  private static final int PLACES = 4_096;

  private final AtomicReferenceArray<@Nullable AgentKey> places =
      new AtomicReferenceArray<>(PLACES);

  /// The key of that text.
  ///
  /// @param read makes the key when it is not here; what it throws is passed on
  AgentKey of(String base64, Function<String, AgentKey> read) {
    int place = base64.hashCode() & (PLACES - 1);
    AgentKey known = places.get(place);
    if (known != null && known.base64().equals(base64)) {
      return known;
    }
    AgentKey key = read.apply(base64);
    places.set(place, key);
    return key;
  }
}
