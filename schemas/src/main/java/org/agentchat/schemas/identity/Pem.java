package org.agentchat.schemas.identity;

import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/// The two PEM texts that an identity needs (RFC 7468): `PUBLIC KEY` and `PRIVATE KEY` of Ed25519,
/// each with the one DER prefix that RFC 8410 leaves room for.
final class Pem {
  /// Longest PEM that is read at all, in characters; a real one has 119 at most.
  private static final int MAX_CHARS = 1024;

  private static final byte[] SPKI = HexFormat.of().parseHex("302a300506032b6570032100");
  private static final byte[] PKCS8 = HexFormat.of().parseHex("302e020100300506032b657004220420");

  private Pem() {}

  static String encodePublic(byte[] raw) {
    return encode("PUBLIC KEY", SPKI, raw);
  }

  static byte[] decodePublic(String pem) {
    return decode("PUBLIC KEY", SPKI, pem);
  }

  static String encodePrivate(byte[] seed) {
    return encode("PRIVATE KEY", PKCS8, seed);
  }

  static byte[] decodePrivate(String pem) {
    return decode("PRIVATE KEY", PKCS8, pem);
  }

  private static String encode(String label, byte[] prefix, byte[] key) {
    byte[] der = Arrays.copyOf(prefix, prefix.length + key.length);
    System.arraycopy(key, 0, der, prefix.length, key.length);
    // 44 and 48 bytes are 60 and 64 characters: one line.
    String body = Base64.getEncoder().encodeToString(der);
    return "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n";
  }

  private static byte[] decode(String label, byte[] prefix, String pem) {
    String begin = "-----BEGIN " + label + "-----";
    String end = "-----END " + label + "-----";
    String text = pem.length() <= MAX_CHARS ? pem.strip() : "";
    if (!text.startsWith(begin)
        || !text.endsWith(end)
        || text.length() < begin.length() + end.length()) {
      throw new IllegalArgumentException("not a PEM with the label " + label);
    }
    String body = text.substring(begin.length(), text.length() - end.length());
    byte[] der = Base64.getDecoder().decode(body.replaceAll("[\\r\\n\\t ]", ""));
    boolean ed25519 =
        der.length == prefix.length + AgentKey.BYTES
            && Arrays.equals(prefix, 0, prefix.length, der, 0, prefix.length);
    if (!ed25519) {
      throw new IllegalArgumentException("the " + label + " is not an Ed25519 key (RFC 8410)");
    }
    return Arrays.copyOfRange(der, prefix.length, der.length);
  }
}
