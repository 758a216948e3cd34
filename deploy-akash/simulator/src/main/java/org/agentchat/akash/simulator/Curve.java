package org.agentchat.akash.simulator;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.digests.RIPEMD160Digest;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;

/// What a validator does with keys: it verifies, and knows the address of each.
final class Curve {
  private static final X9ECParameters K1 = CustomNamedCurves.getByName("secp256k1");
  private static final ECDomainParameters DOMAIN = new ECDomainParameters(K1);
  private static final String DIGITS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

  private Curve() {}

  static byte[] sha256(byte[] input) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(input);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /// ECDSA over SHA-256, 64 bytes, with s in the lower half.
  static boolean verifies(byte[] key, byte[] message, byte[] signature) {
    if (signature.length != 64 || key.length != 33) {
      return false;
    }
    BigInteger r = new BigInteger(1, Arrays.copyOfRange(signature, 0, 32));
    BigInteger s = new BigInteger(1, Arrays.copyOfRange(signature, 32, 64));
    if (s.shiftLeft(1).compareTo(DOMAIN.getN()) > 0) {
      return false;
    }
    ECDSASigner verifier = new ECDSASigner();
    try {
      verifier.init(false, new ECPublicKeyParameters(K1.getCurve().decodePoint(key), DOMAIN));
    } catch (IllegalArgumentException _) {
      return false;
    }
    return verifier.verifySignature(sha256(message), r, s);
  }

  /// The bech32 of RIPEMD-160 of SHA-256, written as a table of residues, digit by digit.
  static String address(byte[] key) {
    RIPEMD160Digest digest = new RIPEMD160Digest();
    byte[] inner = sha256(key);
    digest.update(inner, 0, inner.length);
    byte[] bytes = new byte[20];
    digest.doFinal(bytes, 0);
    BigInteger number = new BigInteger(1, bytes);
    int[] values = new int[32 + 6];
    for (int i = 0; i < 32; i++) {
      values[i] = number.shiftRight(5 * (31 - i)).intValue() & 31;
    }
    String prefix = "akash";
    long residue = 1;
    for (int i = 0; i < prefix.length(); i++) {
      residue = step(residue, prefix.charAt(i) / 32);
    }
    residue = step(residue, 0);
    for (int i = 0; i < prefix.length(); i++) {
      residue = step(residue, prefix.charAt(i) % 32);
    }
    for (int value : values) {
      residue = step(residue, value);
    }
    residue ^= 1;
    StringBuilder text = new StringBuilder(prefix).append('1');
    for (int i = 0; i < 32; i++) {
      text.append(DIGITS.charAt(values[i]));
    }
    for (int i = 5; i >= 0; i--) {
      text.append(DIGITS.charAt((int) (residue >> (5 * i)) & 31));
    }
    return text.toString();
  }

  private static long step(long residue, int value) {
    long top = residue >> 25;
    long next = ((residue & 0x1ffffffL) << 5) ^ value;
    next ^= (top & 1) * 0x3b6a57b2L;
    next ^= ((top >> 1) & 1) * 0x26508e6dL;
    next ^= ((top >> 2) & 1) * 0x1ea119faL;
    next ^= ((top >> 3) & 1) * 0x3d4233ddL;
    return next ^ (((top >> 4) & 1) * 0x2a1462b3L);
  }
}
