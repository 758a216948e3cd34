package org.agentchat.ledger;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.OptionalLong;
import org.agentchat.schemas.identity.AgentKey;

/// The nonces of one minute, each with the index of its entry: an open-addressing hash table over
/// primitive arrays, about 35 bytes a nonce. A nonce is known by the first 128 bits of SHA-256 over
/// its signer and itself, so that nobody can make two that look alike.
final class NonceTable {
  private static final int FIRST_CAPACITY = 16;

  /// The nonces in log order: two halves of the hash, and the index.
  private long[] high = new long[FIRST_CAPACITY];

  private long[] low = new long[FIRST_CAPACITY];
  private long[] indexes = new long[FIRST_CAPACITY];

  /// Positions in the arrays plus one, by hash; 0 is empty. Twice as long as the arrays.
  private int[] slots = new int[2 * FIRST_CAPACITY];

  private int size;

  /// What a nonce is known by.
  record Fingerprint(long high, long low) {
    private static final VarHandle BIG_ENDIAN =
        MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    /// @param digest of SHA-256, fed with nothing before and after
    static Fingerprint of(AgentKey key, String nonce, MessageDigest digest) {
      key.feed(digest);
      digest.update(nonce.getBytes(StandardCharsets.UTF_8));
      byte[] hash = digest.digest();
      return new Fingerprint(
          (long) BIG_ENDIAN.get(hash, 0), (long) BIG_ENDIAN.get(hash, Long.BYTES));
    }
  }

  int size() {
    return size;
  }

  OptionalLong find(Fingerprint nonce) {
    int position = slots[slot(nonce)];
    return position == 0 ? OptionalLong.empty() : OptionalLong.of(indexes[position - 1]);
  }

  /// Adds a nonce that is not there yet.
  void add(Fingerprint nonce, long index) {
    if (size == high.length) {
      grow();
    }
    high[size] = nonce.high();
    low[size] = nonce.low();
    indexes[size] = index;
    size++;
    slots[slot(nonce)] = size;
  }

  private int slot(Fingerprint nonce) {
    int mask = slots.length - 1;
    int slot = (int) nonce.low() & mask;
    while (slots[slot] != 0 && !isAt(slots[slot] - 1, nonce)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private boolean isAt(int position, Fingerprint nonce) {
    return high[position] == nonce.high() && low[position] == nonce.low();
  }

  private void grow() {
    high = Arrays.copyOf(high, 2 * size);
    low = Arrays.copyOf(low, 2 * size);
    indexes = Arrays.copyOf(indexes, 2 * size);
    slots = new int[4 * size];
    for (int i = 0; i < size; i++) {
      slots[slot(new Fingerprint(high[i], low[i]))] = i + 1;
    }
  }

  void digest(StateDigest digest) {
    for (int i = 0; i < size; i++) {
      digest.add(high[i]).add(low[i]).add(indexes[i]);
    }
  }
}
