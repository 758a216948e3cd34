package org.agentchat.akash.wallet;

import java.math.BigInteger;
import java.util.Optional;
import org.bouncycastle.asn1.sec.SECNamedCurves;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;
import org.bouncycastle.util.BigIntegers;

/// ECDSA as Cosmos chains want it: deterministic nonces (RFC 6979, SHA-256), 64 bytes r||s with s
/// in the lower half of the order.
public final class Secp256k1 {
  /// Bytes of a private key, of r and of s.
  static final int SCALAR_BYTES = 32;

  private static final X9ECParameters CURVE = SECNamedCurves.getByName("secp256k1");
  private static final ECDomainParameters DOMAIN = new ECDomainParameters(CURVE);

  private Secp256k1() {}

  /// The order of the group.
  static BigInteger order() {
    return DOMAIN.getN();
  }

  /// The compressed public key, 33 bytes.
  static byte[] publicKey(BigInteger secret) {
    return new FixedPointCombMultiplier().multiply(DOMAIN.getG(), secret).getEncoded(true);
  }

  /// Signs 32 bytes.
  static byte[] sign(BigInteger secret, byte[] hash) {
    ECDSASigner signer = new ECDSASigner(new HMacDSAKCalculator(new SHA256Digest()));
    signer.init(true, new ECPrivateKeyParameters(secret, DOMAIN));
    BigInteger[] parts = signer.generateSignature(hash);
    BigInteger s = isHigh(parts[1]) ? DOMAIN.getN().subtract(parts[1]) : parts[1];
    byte[] signature = new byte[2 * SCALAR_BYTES];
    BigIntegers.asUnsignedByteArray(parts[0], signature, 0, SCALAR_BYTES);
    BigIntegers.asUnsignedByteArray(s, signature, SCALAR_BYTES, SCALAR_BYTES);
    return signature;
  }

  private static boolean isHigh(BigInteger s) {
    return s.compareTo(DOMAIN.getN().shiftRight(1)) > 0;
  }

  /// Whether the signature is that key's over the hash, of 64 bytes and with a low s.
  ///
  /// @param publicKey compressed; anything else verifies nothing
  public static boolean verifies(byte[] publicKey, byte[] hash, byte[] signature) {
    Optional<ECPoint> point = point(publicKey);
    if (point.isEmpty() || hash.length != 32 || signature.length != 2 * SCALAR_BYTES) {
      return false;
    }
    BigInteger r = BigIntegers.fromUnsignedByteArray(signature, 0, SCALAR_BYTES);
    BigInteger s = BigIntegers.fromUnsignedByteArray(signature, SCALAR_BYTES, SCALAR_BYTES);
    if (isHigh(s)) {
      return false;
    }
    ECDSASigner verifier = new ECDSASigner();
    verifier.init(false, new ECPublicKeyParameters(point.get(), DOMAIN));
    return verifier.verifySignature(hash, r, s);
  }

  private static Optional<ECPoint> point(byte[] compressed) {
    if (compressed.length != SCALAR_BYTES + 1) {
      return Optional.empty();
    }
    try {
      ECPoint point = CURVE.getCurve().decodePoint(compressed);
      return point.isInfinity() ? Optional.empty() : Optional.of(point);
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }
}
