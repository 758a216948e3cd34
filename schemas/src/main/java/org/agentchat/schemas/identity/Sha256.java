package org.agentchat.schemas.identity;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// SHA-256 (FIPS 180-4) by the JDK, which is eight times as fast here as the alternative.
public final class Sha256 {
  /// Length of a hash, in bytes.
  public static final int BYTES = 32;

  /// Cloned for every hash: asking the security providers for one costs more than a short hash.
  /// Itself it is never fed.
  private static final MessageDigest FRESH = provided();

  private Sha256() {}

  /// The hash of the parts, one after another.
  public static byte[] of(byte[]... parts) {
    MessageDigest digest = digest();
    for (byte[] part : parts) {
      digest.update(part);
    }
    return digest.digest();
  }

  /// The hash of a text's UTF-8 form, 64 lower-case hexadecimal digits.
  public static String hex(String text) {
    return HexFormat.of().formatHex(of(text.getBytes(StandardCharsets.UTF_8)));
  }

  /// A fresh digest, for input that does not fit into memory at once.
  public static MessageDigest digest() {
    try {
      return (MessageDigest) FRESH.clone();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the JDK's SHA-256 can be cloned", e);
    }
  }

  private static MessageDigest provided() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
