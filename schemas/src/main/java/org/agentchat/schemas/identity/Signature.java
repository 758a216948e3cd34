package org.agentchat.schemas.identity;

import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/// An Ed25519 signature: 64 bytes, R and S (RFC 8032 section 5.1.6). Immutable.
public final class Signature {
  /// Length, in bytes.
  public static final int BYTES = 64;

  /// Longest text that is read at all, in characters: 88, with room for line ends and white space.
  public static final int MAX_CHARS = 128;

  private static final int CANONICAL_CHARS = 88;
  private static final String PADDING = "==";

  /// The last digit says two bits of the last byte; its other four are zero.
  private static final String LAST_DIGITS = "AQgw";

  private final byte[] raw;

  private Signature(byte[] raw) {
    this.raw = raw;
  }

  /// A signature from its bytes.
  ///
  /// @throws IllegalArgumentException if there are not 64
  public static Signature ofRaw(byte[] raw) {
    return new Signature(requireLength(raw).clone());
  }

  private static byte[] requireLength(byte[] raw) {
    if (raw.length != BYTES) {
      throw new IllegalArgumentException("an Ed25519 signature has 64 bytes, not " + raw.length);
    }
    return raw;
  }

  /// Reads what an existing client may send: the standard or the URL-safe alphabet, with or without
  /// padding and white space. Empty when that is not 64 bytes, or longer than [#MAX_CHARS].
  public static Optional<Signature> parseLenient(String text) {
    if (text.length() > MAX_CHARS) {
      return Optional.empty();
    }
    String standard = text.replaceAll("\\s", "").replace('-', '+').replace('_', '/');
    return decode(unpadded(standard)).filter(raw -> raw.length == BYTES).map(Signature::new);
  }

  /// Reads standard base64 with padding, 88 characters: the form that events carry.
  ///
  /// @throws IllegalArgumentException if the text is not exactly that
  public static Signature ofBase64(String text) {
    Signature signature = new Signature(requireLength(Base64.getDecoder().decode(text)));
    if (text.length() != CANONICAL_CHARS
        || LAST_DIGITS.indexOf(text.charAt(CANONICAL_CHARS - PADDING.length() - 1)) < 0
        || !text.endsWith(PADDING)) {
      throw new IllegalArgumentException("not the canonical base64 of a signature");
    }
    return signature;
  }

  /// A copy of the 64 bytes.
  public byte[] raw() {
    return raw.clone();
  }

  /// Standard base64 with padding.
  public String base64() {
    return Base64.getEncoder().encodeToString(raw);
  }

  private static String unpadded(String base64) {
    int end = base64.length();
    while (end > 0 && base64.charAt(end - 1) == '=') {
      end--;
    }
    return base64.substring(0, end);
  }

  private static Optional<byte[]> decode(String standard) {
    try {
      return Optional.of(Base64.getDecoder().decode(standard));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Signature signature && Arrays.equals(raw, signature.raw);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(raw);
  }

  @Override
  public String toString() {
    return base64();
  }
}
