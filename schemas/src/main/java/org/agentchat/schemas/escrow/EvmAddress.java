package org.agentchat.schemas.escrow;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.HexFormat;
import java.util.regex.Pattern;

/// An account or a contract of an EVM chain. Its one form here is in lower case: the mixed case of
/// EIP-55 is for people, and two texts of one address would be two canonical statements.
///
/// @param text `0x` and 40 lower-case hexadecimal digits
public record EvmAddress(@JsonValue String text) {
  /// Length, in bytes.
  public static final int BYTES = 20;

  private static final Pattern SHAPE = Pattern.compile("0x[0-9a-f]{40}");

  /// Nobody; as a token, the chain's own coin.
  public static final EvmAddress ZERO = new EvmAddress("0x" + "00".repeat(BYTES));

  /// The shape, in words.
  static final String RULE = "0x and 40 lower-case hexadecimal digits";

  /// @throws IllegalArgumentException if the text has another shape
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public EvmAddress {
    if (!SHAPE.matcher(text).matches()) {
      throw new IllegalArgumentException("not an address (" + RULE + "): " + text);
    }
  }

  /// From its 20 bytes.
  ///
  /// @throws IllegalArgumentException if there are more or fewer
  public static EvmAddress of(byte[] raw) {
    return new EvmAddress("0x" + HexFormat.of().formatHex(raw));
  }

  /// The 20 bytes.
  public byte[] raw() {
    return HexFormat.of().parseHex(text, 2, text.length());
  }

  /// Whether it is nobody's.
  public boolean isZero() {
    return equals(ZERO);
  }

  @Override
  public String toString() {
    return text;
  }
}
