package org.agentchat.schemas.event;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import org.agentchat.schemas.identity.Sha256;

/// The hash by which an event is known: SHA-256 of a zero byte and the event's bytes, that is, the
/// Merkle leaf hash of RFC 6962 section 2.1. Immutable.
public final class LeafHash {
  private static final byte[] LEAF = {0};
  private static final String BASE32 = "abcdefghijklmnopqrstuvwxyz234567";
  private static final int BASE32_BITS = 5;
  private static final int BASE32_CHARS = 26;

  private final byte[] raw;

  private LeafHash(byte[] raw) {
    this.raw = raw;
  }

  /// The hash of an event's bytes.
  public static LeafHash of(byte[] event) {
    return new LeafHash(Sha256.of(LEAF, event));
  }

  /// A copy of the 32 bytes.
  public byte[] raw() {
    return raw.clone();
  }

  /// Feeds the 32 bytes to a digest.
  public void feed(MessageDigest digest) {
    digest.update(raw);
  }

  /// The first 130 bits in lower-case base32 (RFC 4648 section 6), 26 characters.
  String base32() {
    StringBuilder text = new StringBuilder(BASE32_CHARS);
    for (int bit = 0; bit < BASE32_CHARS * BASE32_BITS; bit += BASE32_BITS) {
      int from = bit / Byte.SIZE;
      int twoBytes = ((raw[from] & 0xff) << Byte.SIZE) | (raw[from + 1] & 0xff);
      int end = 2 * Byte.SIZE - BASE32_BITS - bit % Byte.SIZE;
      text.append(BASE32.charAt((twoBytes >> end) & (BASE32.length() - 1)));
    }
    return text.toString();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LeafHash hash && Arrays.equals(raw, hash.raw);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(raw);
  }

  /// 64 lower-case hexadecimal digits.
  @Override
  public String toString() {
    return HexFormat.of().formatHex(raw);
  }
}
