package org.agentchat.schemas.escrow;

import java.math.BigInteger;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;

/// A wallet's secret key, for signing what [WalletBinding] and the contract verify. Signatures are
/// deterministic (RFC 6979), so no chance is needed. Never shows its secret.
public final class EvmKey {
  private static final X9ECParameters CURVE = CustomNamedCurves.getByName("secp256k1");
  private static final ECDomainParameters DOMAIN = new ECDomainParameters(CURVE);

  private final BigInteger secret;
  private final EvmAddress address;

  private EvmKey(BigInteger secret) {
    this.secret = secret;
    this.address =
        EvmSignature.addressOf(
            new FixedPointCombMultiplier().multiply(CURVE.getG(), secret).normalize());
  }

  /// From its 32 bytes.
  ///
  /// @throws IllegalArgumentException if they are no number from 1 to the group's order
  public static EvmKey of(byte[] secret) {
    BigInteger number = new BigInteger(1, secret);
    if (number.signum() == 0 || number.compareTo(CURVE.getN()) >= 0) {
      throw new IllegalArgumentException("not a secp256k1 key: out of the group's range");
    }
    return new EvmKey(number);
  }

  /// The wallet's address.
  public EvmAddress address() {
    return address;
  }

  /// Signs a digest: 65 bytes, s in the lower half, v 27 or 28.
  ///
  /// @param digest 32 bytes
  public EvmSignature sign(byte[] digest) {
    ECDSASigner signer = new ECDSASigner(new HMacDSAKCalculator(new SHA256Digest()));
    signer.init(true, new ECPrivateKeyParameters(secret, DOMAIN));
    BigInteger[] numbers = signer.generateSignature(digest);
    BigInteger s = numbers[1].min(CURVE.getN().subtract(numbers[1]));
    EvmSignature even = EvmSignature.of(numbers[0], s, false);
    return even.signer(digest).filter(address::equals).isPresent()
        ? even
        : EvmSignature.of(numbers[0], s, true);
  }

  @Override
  public String toString() {
    return "key of " + address;
  }
}
