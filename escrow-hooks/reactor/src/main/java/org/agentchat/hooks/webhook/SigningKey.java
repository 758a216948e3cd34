package org.agentchat.hooks.webhook;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// What a webhook is signed with: the symmetric scheme `v1` of Standard Webhooks, HMAC-SHA256 over
/// `id.timestamp.body`.
public final class SigningKey {
  /// What a secret begins with.
  public static final String PREFIX = "whsec_";

  /// Shortest key, in bytes (Standard Webhooks, "Signature scheme").
  public static final int MIN_BYTES = 24;

  /// Longest key, in bytes.
  public static final int MAX_BYTES = 64;

  /// What a secret has to look like.
  public static final String RULE =
      "a secret of Standard Webhooks, whsec_ and base64 of %d to %d bytes,"
          .formatted(MIN_BYTES, MAX_BYTES);

  private static final String ALGORITHM = "HmacSHA256";

  private final SecretKeySpec key;

  private SigningKey(byte[] key) {
    this.key = new SecretKeySpec(key, ALGORITHM);
  }

  /// The key that a secret stands for.
  ///
  /// @throws IllegalArgumentException if it is none; the message does not repeat it
  public static SigningKey of(String secret) {
    if (!secret.startsWith(PREFIX)) {
      throw new IllegalArgumentException(RULE + " wanted");
    }
    byte[] key;
    try {
      key = Base64.getDecoder().decode(secret.substring(PREFIX.length()));
    } catch (IllegalArgumentException _) {
      // The decoder's complaint would repeat a part of the secret.
      throw new IllegalArgumentException(RULE + " wanted");
    }
    if (key.length < MIN_BYTES || key.length > MAX_BYTES) {
      throw new IllegalArgumentException(RULE + " wanted, found " + key.length + " bytes");
    }
    return new SigningKey(key);
  }

  /// One signature of the header `webhook-signature`, `v1,` and base64.
  ///
  /// @param id of the message, without a dot
  /// @param timestamp seconds since 1970
  String sign(String id, long timestamp, String body) {
    byte[] signed = (id + "." + timestamp + "." + body).getBytes(StandardCharsets.UTF_8);
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(signed));
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }

  @Override
  public String toString() {
    return "(secret)";
  }
}
