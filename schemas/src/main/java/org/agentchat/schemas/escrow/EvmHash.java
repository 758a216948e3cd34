package org.agentchat.schemas.escrow;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.HexFormat;
import java.util.regex.Pattern;

/// Thirty-two bytes as EVM chains write them: the hash of a transaction or a block, the id of an
/// escrow.
///
/// @param text `0x` and 64 lower-case hexadecimal digits
public record EvmHash(@JsonValue String text) {
  /// The shape, in words.
  static final String RULE = "0x and 64 lower-case hexadecimal digits";

  private static final Pattern SHAPE = Pattern.compile("0x[0-9a-f]{64}");

  /// @throws IllegalArgumentException if the text has another shape
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public EvmHash {
    if (!SHAPE.matcher(text).matches()) {
      throw new IllegalArgumentException("not a hash (" + RULE + "): " + text);
    }
  }

  /// From its 32 bytes.
  ///
  /// @throws IllegalArgumentException if there are more or fewer
  public static EvmHash of(byte[] raw) {
    return new EvmHash("0x" + HexFormat.of().formatHex(raw));
  }

  /// The 32 bytes.
  public byte[] raw() {
    return HexFormat.of().parseHex(text, 2, text.length());
  }

  @Override
  public String toString() {
    return text;
  }
}
