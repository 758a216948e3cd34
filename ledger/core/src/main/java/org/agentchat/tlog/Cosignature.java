package org.agentchat.tlog;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.identity.Ed25519Verifier;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.identity.Signature;

/// A witness's statement that, at that time, this was the largest consistent tree that it had seen
/// of a log (C2SP tlog-cosignature, Ed25519).
///
/// @param seconds since 1970, at least 0
public record Cosignature(long seconds, Signature signature) {
  private static final int BYTES = Long.BYTES + Signature.BYTES;

  /// @throws IllegalArgumentException if the time is negative
  public Cosignature {
    if (seconds < 0) {
      throw new IllegalArgumentException("a time before 1970: " + seconds);
    }
  }

  /// Reads a `timestamped_signature`; empty when it is not one.
  public static Optional<Cosignature> decode(byte[] bytes) {
    if (bytes.length != BYTES || bytes[0] < 0) {
      return Optional.empty();
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    long seconds = buffer.getLong();
    byte[] signature = new byte[Signature.BYTES];
    buffer.get(signature);
    return Optional.of(new Cosignature(seconds, Signature.ofRaw(signature)));
  }

  byte[] encode() {
    return ByteBuffer.allocate(BYTES).putLong(seconds).put(signature.raw()).array();
  }

  static Cosignature sign(String text, long seconds, Identity witness) {
    return new Cosignature(seconds, witness.sign(message(text, seconds)));
  }

  boolean isValid(String text, AgentKey witness, Ed25519Verifier verifier) {
    return verifier.verify(witness, message(text, seconds), signature);
  }

  private static byte[] message(String text, long seconds) {
    String message = "cosignature/v1\ntime " + seconds + "\n" + text;
    return message.getBytes(StandardCharsets.UTF_8);
  }
}
