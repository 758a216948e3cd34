package org.agentchat.cli;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import org.agentchat.schemas.identity.AgentKey;

/// Texts for bytes and keys as W3C documents have them: base58btc behind a `z` (Controlled
/// Identifiers 1.0, section 2.4), and `did:key`.
final class Multibase {
  private static final String ALPHABET =
      "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
  private static final BigInteger BASE = BigInteger.valueOf(ALPHABET.length());

  /// Says that an Ed25519 public key follows (multicodec `ed25519-pub`).
  private static final byte[] ED25519 = {(byte) 0xed, 0x01};

  private Multibase() {}

  /// `z` and the bytes in base58btc.
  static String of(byte[] bytes) {
    StringBuilder digits = new StringBuilder();
    for (BigInteger rest = new BigInteger(1, bytes); rest.signum() > 0; rest = rest.divide(BASE)) {
      digits.append(ALPHABET.charAt(rest.mod(BASE).intValue()));
    }
    for (int i = 0; i < bytes.length && bytes[i] == 0; i++) {
      digits.append(ALPHABET.charAt(0));
    }
    return "z" + digits.reverse();
  }

  /// A key as a `Multikey`.
  static String of(AgentKey key) {
    return of(
        ByteBuffer.allocate(ED25519.length + AgentKey.BYTES).put(ED25519).put(key.raw()).array());
  }

  /// Names a key as a controller of itself.
  static String did(AgentKey key) {
    return "did:key:" + of(key);
  }
}
