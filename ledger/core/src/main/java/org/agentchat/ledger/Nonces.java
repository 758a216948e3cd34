package org.agentchat.ledger;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.agentchat.schemas.identity.AgentKey;

/// The nonces of `agentchat/2` statements whose time is still near the log's clock, each with the
/// index of its entry. Older statements are stale anyway, so older nonces need not be known.
final class Nonces {
  /// How far a signer's time may be from the log's clock: 10 minutes, in milliseconds.
  static final long WINDOW = 10L * 60 * 1000;

  /// Nonces remembered at the most: more than 3,000 statements a second for the whole window.
  static final int MAX_NONCES = 2_000_000;

  private static final long BUCKET = 60_000;

  private record Nonce(AgentKey key, String nonce) {}

  /// By the minute of the signer's time; within a minute in log order.
  private final NavigableMap<Long, Map<Nonce, Long>> minutes = new TreeMap<>();

  private int size;

  /// Where the nonce was used, as far as that is known when the log's clock is `now`.
  OptionalLong find(AgentKey key, String nonce, long now) {
    Nonce wanted = new Nonce(key, nonce);
    for (Map<Nonce, Long> minute : minutes.tailMap(oldestMinute(now), true).values()) {
      Long index = minute.get(wanted);
      if (index != null) {
        return OptionalLong.of(index);
      }
    }
    return OptionalLong.empty();
  }

  boolean isFull() {
    return size >= MAX_NONCES;
  }

  void add(AgentKey key, String nonce, long ts, long index) {
    minutes
        .computeIfAbsent(ts / BUCKET, _ -> new LinkedHashMap<>())
        .put(new Nonce(key, nonce), index);
    size++;
  }

  /// Forgets whole minutes that have left the window.
  void forget(long now) {
    Map<Long, Map<Nonce, Long>> gone = minutes.headMap(oldestMinute(now), false);
    gone.values().forEach(minute -> size -= minute.size());
    gone.clear();
  }

  private static long oldestMinute(long now) {
    return (now - WINDOW) / BUCKET;
  }

  void digest(StateDigest digest) {
    digest.add(size);
    for (Map<Nonce, Long> minute : minutes.values()) {
      minute.forEach((nonce, index) ->
          digest.add(nonce.key().raw()).add(nonce.nonce()).add(index.longValue()));
    }
  }
}
