package org.agentchat.escrow.chain;

import java.util.HexFormat;
import java.util.regex.Pattern;

/// 32 bytes that name a block, a transaction or a deal in escrow.
///
/// @param hex `0x` and 64 lower-case hexadecimal digits
public record Hash(String hex) {
  private static final Pattern CANONICAL = Pattern.compile("0x[0-9a-f]{64}");

  /// @throws IllegalArgumentException if it is not in the one canonical form
  public Hash {
    if (!CANONICAL.matcher(hex).matches()) {
      throw new IllegalArgumentException(
          "a hash is 0x and 64 lower-case hexadecimal digits, not " + hex);
    }
  }

  /// From its bytes.
  ///
  /// @throws IllegalArgumentException if they are not 32
  public static Hash of(byte[] bytes) {
    return new Hash("0x" + HexFormat.of().formatHex(bytes));
  }

  /// A fresh copy, 32 bytes.
  public byte[] bytes() {
    return HexFormat.of().parseHex(hex, 2, hex.length());
  }

  @Override
  public String toString() {
    return hex;
  }
}
