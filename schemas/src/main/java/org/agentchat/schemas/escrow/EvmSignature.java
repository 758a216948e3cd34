package org.agentchat.schemas.escrow;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.math.ec.ECAlgorithms;
import org.bouncycastle.math.ec.ECPoint;

/// A wallet's signature. One of exactly 65 bytes (r, s, v) is a key's own, and everybody can tell
/// whose. One of any other length is for a contract to judge (ERC-1271): only who asks the chain
/// knows what it is worth, so here it is no more than a claim.
///
/// Immutable.
public final class EvmSignature {
  /// Length of a key's own signature, in bytes.
  public static final int ECDSA_BYTES = 65;

  /// Longest signature, in bytes: several owners of a wallet, or a passkey's, fit.
  public static final int MAX_BYTES = 2_048;

  /// The shape, in words.
  static final String RULE = "0x and 1 to " + MAX_BYTES + " bytes in lower-case hexadecimal";

  private static final Pattern SHAPE = Pattern.compile("0x(?:[0-9a-f]{2}){1,2048}+");
  private static final X9ECParameters CURVE = CustomNamedCurves.getByName("secp256k1");
  private static final BigInteger ORDER = CURVE.getN();
  private static final BigInteger HALF_ORDER = ORDER.shiftRight(1);
  private static final int NUMBER_BYTES = 32;
  private static final int EVEN = 27;
  private static final int ODD = 28;

  private final byte[] raw;

  private EvmSignature(byte[] raw) {
    this.raw = raw;
  }

  /// Reads `0x` and hexadecimal digits.
  ///
  /// @throws IllegalArgumentException if the text is something else, or too long
  public static EvmSignature of(String text) {
    if (text.length() > 2 + 2 * MAX_BYTES || !SHAPE.matcher(text).matches()) {
      throw new IllegalArgumentException("not a wallet's signature (" + RULE + ")");
    }
    return new EvmSignature(HexFormat.of().parseHex(text, 2, text.length()));
  }

  /// A signature from its bytes.
  ///
  /// @throws IllegalArgumentException if there are none, or more than [#MAX_BYTES]
  public static EvmSignature of(byte[] raw) {
    return of("0x" + HexFormat.of().formatHex(raw));
  }

  static EvmSignature of(BigInteger r, BigInteger s, boolean odd) {
    byte[] raw = new byte[ECDSA_BYTES];
    System.arraycopy(Eip712.word(r), 0, raw, 0, NUMBER_BYTES);
    System.arraycopy(Eip712.word(s), 0, raw, NUMBER_BYTES, NUMBER_BYTES);
    raw[ECDSA_BYTES - 1] = (byte) (odd ? ODD : EVEN);
    return new EvmSignature(raw);
  }

  /// Whether a key made it, so that [#signer] can tell whose.
  public boolean isEcdsa() {
    return raw.length == ECDSA_BYTES;
  }

  /// Who signed the digest: `ecrecover`, but strict. Empty unless there are 65 bytes, r and s are
  /// in the group's range, s is in its lower half (EIP-2: a signature has no second form), v is 27
  /// or 28, and r belongs to a point.
  ///
  /// @param digest 32 bytes
  public Optional<EvmAddress> signer(byte[] digest) {
    if (digest.length != NUMBER_BYTES) {
      throw new IllegalArgumentException("a digest has 32 bytes, not " + digest.length);
    }
    if (!isEcdsa()) {
      return Optional.empty();
    }
    BigInteger r = new BigInteger(1, Arrays.copyOf(raw, NUMBER_BYTES));
    BigInteger s = new BigInteger(1, Arrays.copyOfRange(raw, NUMBER_BYTES, 2 * NUMBER_BYTES));
    int v = raw[ECDSA_BYTES - 1] & 0xff;
    boolean canonical =
        r.signum() > 0
            && r.compareTo(ORDER) < 0
            && s.signum() > 0
            && s.compareTo(HALF_ORDER) <= 0
            && (v == EVEN || v == ODD);
    return canonical ? recover(new BigInteger(1, digest), r, s, v == ODD) : Optional.empty();
  }

  /// SEC 1 section 4.1.6: the key is (sR - eG)/r, where R is the point with the abscissa r and the
  /// given parity.
  private static Optional<EvmAddress> recover(
      BigInteger e, BigInteger r, BigInteger s, boolean odd) {
    Optional<ECPoint> point = decompress(r, odd);
    if (point.isEmpty()) {
      return Optional.empty();
    }
    BigInteger inverse = r.modInverse(ORDER);
    BigInteger ofG = e.negate().mod(ORDER).multiply(inverse).mod(ORDER);
    BigInteger ofR = s.multiply(inverse).mod(ORDER);
    ECPoint key = ECAlgorithms.sumOfTwoMultiplies(CURVE.getG(), ofG, point.get(), ofR).normalize();
    return key.isInfinity() ? Optional.empty() : Optional.of(addressOf(key));
  }

  private static Optional<ECPoint> decompress(BigInteger x, boolean odd) {
    byte[] compressed = new byte[1 + NUMBER_BYTES];
    compressed[0] = (byte) (odd ? 3 : 2);
    System.arraycopy(Eip712.word(x), 0, compressed, 1, NUMBER_BYTES);
    try {
      return Optional.of(CURVE.getCurve().decodePoint(compressed));
    } catch (IllegalArgumentException _) {
      return Optional.empty(); // no point of the curve has this abscissa
    }
  }

  static EvmAddress addressOf(ECPoint key) {
    byte[] uncompressed = key.getEncoded(false);
    return Eip712.addressOf(Arrays.copyOfRange(uncompressed, 1, uncompressed.length));
  }

  /// A copy of the bytes.
  public byte[] raw() {
    return raw.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof EvmSignature signature && Arrays.equals(raw, signature.raw);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(raw);
  }

  /// `0x` and lower-case hexadecimal digits.
  @Override
  public String toString() {
    return "0x" + HexFormat.of().formatHex(raw);
  }
}
