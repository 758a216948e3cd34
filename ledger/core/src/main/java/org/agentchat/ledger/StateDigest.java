package org.agentchat.ledger;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.agentchat.schemas.identity.Sha256;

/// Hashes the fold's state: every value with its length before it, so no two states read alike.
final class StateDigest {
  private final MessageDigest digest = Sha256.digest();

  StateDigest add(long value) {
    digest.update(ByteBuffer.allocate(Long.BYTES).putLong(value).array());
    return this;
  }

  StateDigest add(byte[] bytes) {
    add(bytes.length);
    digest.update(bytes);
    return this;
  }

  StateDigest add(String text) {
    return add(text.getBytes(StandardCharsets.UTF_8));
  }

  byte[] result() {
    return digest.digest();
  }
}
