package org.agentchat.schemas.message;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.agentchat.schemas.identity.Sha256;

/// A secret that admins share. It appears in frames and in nothing else: its text form hides it.
public final class AdminKey {
  /// Longest key, in characters.
  public static final int MAX_CHARS = 1024;

  private final String secret;

  private AdminKey(String secret) {
    this.secret = secret;
  }

  /// The secret, as an admin types it.
  ///
  /// @throws IllegalArgumentException if it is empty or longer than [#MAX_CHARS]
  @JsonCreator
  public static AdminKey of(String secret) {
    if (secret.isEmpty() || secret.length() > MAX_CHARS) {
      throw new IllegalArgumentException(
          "admin key: 1 to " + MAX_CHARS + " characters wanted, found " + secret.length());
    }
    return new AdminKey(secret);
  }

  /// Whether it is the same secret. Takes as long when the first character differs as when the last
  /// one does, and tells nothing of the length: what is compared are hashes.
  public boolean matches(AdminKey other) {
    return MessageDigest.isEqual(hash(), other.hash());
  }

  private byte[] hash() {
    return Sha256.of(secret.getBytes(StandardCharsets.UTF_8));
  }

  /// The secret itself, for the one frame that carries it.
  @JsonValue
  public String reveal() {
    return secret;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AdminKey key && matches(key);
  }

  @Override
  public int hashCode() {
    return AdminKey.class.hashCode();
  }

  @Override
  public String toString() {
    return "(admin key)";
  }
}
