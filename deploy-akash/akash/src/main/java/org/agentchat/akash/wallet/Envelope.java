package org.agentchat.akash.wallet;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.generators.SCrypt;

/// A secret under a password: scrypt makes the key, AES-256-GCM hides the secret and binds it to a
/// context. All bytes are in hexadecimal.
///
/// @param kdf `scrypt`
/// @param n scrypt's cost, a power of two
/// @param r scrypt's block size
/// @param p scrypt's parallelism
/// @param cipher `aes-256-gcm`
/// @param ciphertext with its tag of 16 bytes at the end
public record Envelope(
    String kdf, int n, int r, int p, String salt, String cipher, String nonce, String ciphertext) {
  private static final String KDF = "scrypt";
  private static final String CIPHER = "aes-256-gcm";

  /// 128 MiB and about half a second to try one password.
  private static final int COST = 1 << 17;

  private static final int BLOCK = 8;
  private static final int PARALLEL = 1;
  private static final int KEY_BYTES = 32;
  private static final int SALT_BYTES = 16;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  /// A file must not be able to take all memory or an hour: four times what is written today.
  private static final long MAX_WORK = 4L * COST * BLOCK;

  private static final int MAX_SECRET_BYTES = 1024;

  /// Checks the sizes and costs.
  ///
  /// @throws IllegalArgumentException if an envelope says something that is never written
  public Envelope {
    if (!kdf.equals(KDF) || !cipher.equals(CIPHER)) {
      throw new IllegalArgumentException(KDF + " and " + CIPHER + " wanted");
    }
    boolean sane = n > 1 && Integer.bitCount(n) == 1 && r > 0 && p > 0;
    if (!sane || (long) n * r > MAX_WORK / p) {
      throw new IllegalArgumentException("the cost of scrypt is out of range");
    }
    if (ciphertext.length() > 2 * MAX_SECRET_BYTES
        || HexFormat.of().parseHex(nonce).length != NONCE_BYTES
        || HexFormat.of().parseHex(salt).length != SALT_BYTES) {
      throw new IllegalArgumentException("a salt, nonce or secret of another length wanted");
    }
  }

  /// Hides a secret.
  ///
  /// @param context what the secret belongs to; must be the same to open it
  static Envelope seal(byte[] secret, char[] password, String context, SecureRandom random) {
    byte[] salt = new byte[SALT_BYTES];
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(salt);
    random.nextBytes(nonce);
    HexFormat hex = HexFormat.of();
    try {
      Cipher aes =
          cipher(Cipher.ENCRYPT_MODE, key(password, salt, COST, BLOCK, PARALLEL), nonce, context);
      return new Envelope(
          KDF,
          COST,
          BLOCK,
          PARALLEL,
          hex.formatHex(salt),
          CIPHER,
          hex.formatHex(nonce),
          hex.formatHex(aes.doFinal(secret)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has AES-GCM", e);
    }
  }

  /// The secret; empty if the password or the context is another, or a bit was changed.
  Optional<byte[]> open(char[] password, String context) {
    HexFormat hex = HexFormat.of();
    try {
      Cipher aes =
          cipher(
              Cipher.DECRYPT_MODE,
              key(password, hex.parseHex(salt), n, r, p),
              hex.parseHex(nonce),
              context);
      return Optional.of(aes.doFinal(hex.parseHex(ciphertext)));
    } catch (AEADBadTagException _) {
      return Optional.empty();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has AES-GCM", e);
    }
  }

  private static byte[] key(char[] password, byte[] salt, int n, int r, int p) {
    byte[] bytes = new String(password).getBytes(StandardCharsets.UTF_8);
    return SCrypt.generate(bytes, salt, n, r, p, KEY_BYTES);
  }

  private static Cipher cipher(int mode, byte[] key, byte[] nonce, String context)
      throws GeneralSecurityException {
    Cipher aes = Cipher.getInstance("AES/GCM/NoPadding");
    aes.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
    aes.updateAAD(context.getBytes(StandardCharsets.UTF_8));
    return aes;
  }

  @Override
  public String toString() {
    return "envelope";
  }
}
