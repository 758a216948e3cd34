package org.agentchat.escrow.contract;

import java.math.BigInteger;

/// ABI-encoded static values: each is one word of 32 bytes. Strict, so that what is read is what
/// was written.
///
/// @param hex `0x` and 64 digits for each word
record Words(String hex) {

  private static final int DIGITS = 64;

  /// @throws IllegalArgumentException when these are not whole words
  Words {
    Hex.requireBytes("words", hex);
    if ((hex.length() - 2) % DIGITS != 0) {
      throw new IllegalArgumentException("Not whole words of 32 bytes: " + hex);
    }
  }

  /// Whether `hex` has the form of exactly this many words.
  static boolean areIn(String hex, int count) {
    return Hex.isBytes(hex) && hex.length() == 2 + count * DIGITS;
  }

  int count() {
    return (hex.length() - 2) / DIGITS;
  }

  String bytes32(int index) {
    return "0x" + digits(index);
  }

  BigInteger uint(int index) {
    return new BigInteger(digits(index), 16);
  }

  /// @throws ArithmeticException when it is more than 2^63 - 1
  long number(int index) {
    return uint(index).longValueExact();
  }

  /// @throws IllegalArgumentException when it is no address
  String address(int index) {
    String digits = digits(index);
    if (!digits.startsWith("0".repeat(24))) {
      throw new IllegalArgumentException("Not an address: 0x" + digits);
    }
    return "0x" + digits.substring(24);
  }

  private String digits(int index) {
    return hex.substring(2 + index * DIGITS, 2 + (index + 1) * DIGITS);
  }
}
