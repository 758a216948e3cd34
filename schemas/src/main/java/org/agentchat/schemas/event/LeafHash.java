package org.agentchat.schemas.event;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import org.agentchat.schemas.identity.Sha256;
import org.bouncycastle.util.encoders.Base32;

/// The hash by which an event is known: SHA-256 of a zero byte and the event's bytes, that is, the
/// Merkle leaf hash of RFC 6962 section 2.1. Immutable.
public final class LeafHash {
  private static final byte[] LEAF = {0};
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

  /// The first 130 bits in lower-case base32 (RFC 4648 section 6), 26 characters.
  String base32() {
    String base32 = Base32.toBase32String(raw).substring(0, BASE32_CHARS);
    return base32.toLowerCase(Locale.ROOT);
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
