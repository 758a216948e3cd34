package org.agentchat.ledger;

import java.security.MessageDigest;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.identity.Sha256;
import org.jspecify.annotations.Nullable;

/// The nonces of `agentchat/2` statements whose time is still near the log's clock, each with the
/// index of its entry. Older statements are stale anyway, so older nonces need not be known.
final class Nonces {
  /// How far a signer's time may be from the log's clock: 10 minutes, in milliseconds.
  static final long WINDOW = 10L * 60 * 1000;

  /// Nonces remembered at the most, in about 70 MB: more than 3,000 statements a second for ten
  /// minutes.
  static final int MAX_NONCES = 2_000_000;

  private static final long BUCKET = 60_000;

  /// By the minute of the signer's time; within a minute in log order.
  private final NavigableMap<Long, NonceTable> minutes = new TreeMap<>();

  private final MessageDigest digest = Sha256.digest();

  /// What was looked for last: a nonce that is added was looked for just before.
  private @Nullable Asked last;

  private record Asked(AgentKey key, String nonce, NonceTable.Fingerprint fingerprint) {
    boolean isFor(AgentKey other, String text) {
      return nonce.equals(text) && key.equals(other);
    }
  }

  /// In all minutes together.
  private int remembered;

  /// Where the nonce was used, as far as that is known when the log's clock is `now`.
  OptionalLong find(AgentKey key, String nonce, long now) {
    NonceTable.Fingerprint wanted = fingerprint(key, nonce);
    long oldest = oldestMinute(now);
    for (Map.Entry<Long, NonceTable> minute : minutes.entrySet()) {
      OptionalLong index =
          minute.getKey() < oldest ? OptionalLong.empty() : minute.getValue().find(wanted);
      if (index.isPresent()) {
        return index;
      }
    }
    return OptionalLong.empty();
  }

  /// Whether no further nonce could be remembered when the log's clock is `now`.
  boolean isFull(long now) {
    return remembered >= MAX_NONCES
        && minutes.tailMap(oldestMinute(now), true).values().stream()
                .mapToInt(NonceTable::size)
                .sum()
            >= MAX_NONCES;
  }

  void add(AgentKey key, String nonce, long ts, long index) {
    minutes.computeIfAbsent(ts / BUCKET, _ -> new NonceTable()).add(fingerprint(key, nonce), index);
    remembered++;
  }

  private NonceTable.Fingerprint fingerprint(AgentKey key, String nonce) {
    Asked known = last;
    if (known != null && known.isFor(key, nonce)) {
      return known.fingerprint();
    }
    NonceTable.Fingerprint fingerprint = NonceTable.Fingerprint.of(key, nonce, digest);
    last = new Asked(key, nonce, fingerprint);
    return fingerprint;
  }

  /// Forgets whole minutes that have left the window.
  void forget(long now) {
    long oldest = oldestMinute(now);
    while (!minutes.isEmpty() && minutes.firstKey() < oldest) {
      remembered -= minutes.pollFirstEntry().getValue().size();
    }
  }

  private static long oldestMinute(long now) {
    return (now - WINDOW) / BUCKET;
  }

  void digest(StateDigest digest) {
    minutes.forEach((minute, nonces) -> {
      digest.add(minute).add(nonces.size());
      nonces.digest(digest);
    });
  }
}
