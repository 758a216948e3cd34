package org.agentchat.schemas.identity;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/// An account: the 32 raw bytes of an Ed25519 public key (RFC 8032 section 5.1.5).
///
/// Whether the bytes are a point that may sign is asked of [Ed25519Verifier#accepts]; a key object
/// only says which bytes were given. Immutable.
public final class AgentKey implements Comparable<AgentKey> {
  /// Length of a raw key, in bytes.
  public static final int BYTES = 32;

  /// For the whole process, as a key is the same everywhere: it holds no state that anybody could
  /// tell.
  private static final RecentKeys RECENT = new RecentKeys();

  private final byte[] raw;
  private final String base64;
  private final AgentId id;

  private AgentKey(byte[] raw) {
    this.raw = raw;
    this.base64 = Base64.getEncoder().encodeToString(raw);
    this.id = idOf(raw);
  }

  /// A key from its 32 raw bytes.
  ///
  /// @throws IllegalArgumentException if there are more or fewer
  public static AgentKey ofRaw(byte[] raw) {
    requireLength(raw);
    return new AgentKey(raw.clone());
  }

  private static void requireLength(byte[] raw) {
    if (raw.length != BYTES) {
      throw new IllegalArgumentException("an Ed25519 key has 32 bytes, not " + raw.length);
    }
  }

  /// A key from standard base64 with padding, 44 characters: the form that events carry.
  ///
  /// @throws IllegalArgumentException if the text is not exactly that
  public static AgentKey ofBase64(String text) {
    return RECENT.of(text, AgentKey::read);
  }

  private static AgentKey read(String base64) {
    byte[] raw = Base64.getDecoder().decode(base64);
    requireLength(raw);
    AgentKey key = new AgentKey(raw);
    if (!key.base64.equals(base64)) {
      throw new IllegalArgumentException("not the canonical base64 of a key: " + base64);
    }
    return key;
  }

  /// A key from a `PUBLIC KEY` PEM (RFC 7468, RFC 8410). Line ends and surrounding white space do
  /// not matter; the id is that of the canonical text.
  ///
  /// @throws IllegalArgumentException if the PEM holds anything else, a private key included
  public static AgentKey ofPem(String pem) {
    return new AgentKey(Pem.decodePublic(pem));
  }

  /// The canonical PEM: 64-character lines, `\n`, a final line end.
  public String pem() {
    return Pem.encodePublic(raw);
  }

  /// The agent's short name.
  public AgentId id() {
    return id;
  }

  /// A copy of the 32 bytes.
  public byte[] raw() {
    return raw.clone();
  }

  /// Feeds the 32 bytes to a digest.
  public void feed(MessageDigest digest) {
    digest.update(raw);
  }

  /// Standard base64 with padding.
  public String base64() {
    return base64;
  }

  private static AgentId idOf(byte[] raw) {
    byte[] hash = Sha256.of(Pem.encodePublic(raw).getBytes(StandardCharsets.US_ASCII));
    return new AgentId(HexFormat.of().formatHex(hash, 0, 8));
  }

  @Override
  public int compareTo(AgentKey other) {
    return Arrays.compareUnsigned(raw, other.raw);
  }

  @Override
  public boolean equals(Object other) {
    return this == other || (other instanceof AgentKey key && Arrays.equals(raw, key.raw));
  }

  @Override
  public int hashCode() {
    return id.hashCode();
  }

  /// The short name; never the key's bytes.
  @Override
  public String toString() {
    return id.toString();
  }
}
