package org.agentchat.schemas.identity;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Optional;

/// The curve of RFC 8032 section 5.1 in affine coordinates: slow, short and independent of the
/// library that is tested against it.
record EdwardsPoint(BigInteger x, BigInteger y) {
  static final BigInteger P = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));
  static final BigInteger L =
      BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));
  static final EdwardsPoint NEUTRAL = new EdwardsPoint(BigInteger.ZERO, BigInteger.ONE);
  static final EdwardsPoint BASE =
      decode(littleEndian(BigInteger.valueOf(4).multiply(inverse(BigInteger.valueOf(5))).mod(P)))
          .orElseThrow();

  private static final BigInteger EIGHT = BigInteger.valueOf(8);

  /// What a point generates.
  enum Order {
    /// A divisor of 8.
    SMALL,
    /// The group order L.
    PRIME,
    /// L times a divisor of 8.
    MIXED
  }

  /// Decodes as leniently as any library does: y may be p or more, and x = 0 may have a sign.
  static Optional<EdwardsPoint> decode(byte[] encoded) {
    BigInteger bits = integer(encoded);
    BigInteger y = bits.clearBit(255).mod(P);
    BigInteger y2 = y.multiply(y).mod(P);
    BigInteger x2 =
        y2.subtract(BigInteger.ONE).multiply(inverse(d().multiply(y2).add(BigInteger.ONE))).mod(P);
    BigInteger x = x2.modPow(P.add(BigInteger.valueOf(3)).shiftRight(3), P);
    if (!x.multiply(x).mod(P).equals(x2)) {
      x = x.multiply(BigInteger.TWO.modPow(P.shiftRight(2), P)).mod(P);
    }
    if (!x.multiply(x).mod(P).equals(x2)) {
      return Optional.empty();
    }
    return Optional.of(new EdwardsPoint(x.testBit(0) == bits.testBit(255) ? x : minus(x), y));
  }

  /// The canonical encoding.
  byte[] encode() {
    return littleEndian(x.testBit(0) ? y.setBit(255) : y);
  }

  EdwardsPoint plus(EdwardsPoint other) {
    BigInteger t = d().multiply(x).multiply(other.x).multiply(y).multiply(other.y).mod(P);
    BigInteger sumX = x.multiply(other.y).add(y.multiply(other.x));
    BigInteger sumY = y.multiply(other.y).add(x.multiply(other.x));
    return new EdwardsPoint(
        sumX.multiply(inverse(BigInteger.ONE.add(t))).mod(P),
        sumY.multiply(inverse(BigInteger.ONE.subtract(t))).mod(P));
  }

  EdwardsPoint minus(EdwardsPoint other) {
    return plus(new EdwardsPoint(minus(other.x), other.y));
  }

  EdwardsPoint times(BigInteger scalar) {
    EdwardsPoint product = NEUTRAL;
    for (int bit = scalar.bitLength() - 1; bit >= 0; bit--) {
      product = product.plus(product);
      if (scalar.testBit(bit)) {
        product = product.plus(this);
      }
    }
    return product;
  }

  EdwardsPoint timesCofactor() {
    return times(EIGHT);
  }

  Order order() {
    if (timesCofactor().equals(NEUTRAL)) {
      return Order.SMALL;
    }
    return times(L).equals(NEUTRAL) ? Order.PRIME : Order.MIXED;
  }

  /// A number of 32 bytes, least significant first.
  static BigInteger integer(byte[] littleEndian) {
    byte[] bigEndian = new byte[littleEndian.length];
    for (int i = 0; i < bigEndian.length; i++) {
      bigEndian[i] = littleEndian[littleEndian.length - 1 - i];
    }
    return new BigInteger(1, bigEndian);
  }

  /// 32 bytes, least significant first.
  static byte[] littleEndian(BigInteger number) {
    byte[] bytes = new byte[32];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = number.shiftRight(8 * i).byteValue();
    }
    return bytes;
  }

  static byte[] join(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  private static BigInteger d() {
    return BigInteger.valueOf(-121665).multiply(inverse(BigInteger.valueOf(121666))).mod(P);
  }

  private static BigInteger minus(BigInteger number) {
    return number.negate().mod(P);
  }

  private static BigInteger inverse(BigInteger number) {
    return number.modInverse(P);
  }
}
