package org.agentchat.schemas.escrow;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An EVM chain, by its number (EIP-155); on the wire as CAIP-2 has it, for example `eip155:1`.
///
/// @param id from 1 to 2^53 - 1
public record EvmChain(long id) {
  /// The shape, in words.
  static final String RULE = "eip155: and a number from 1 to 2^53 - 1, for example eip155:1";

  private static final Pattern SHAPE = Pattern.compile("eip155:([1-9][0-9]{0,15})");

  /// @throws IllegalArgumentException if the number is out of its range
  public EvmChain {
    if (id < 1 || id >= 1L << 53) {
      throw new IllegalArgumentException("not a chain (" + RULE + "): " + id);
    }
  }

  /// Reads the CAIP-2 form.
  ///
  /// @throws IllegalArgumentException if the text is something else
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public static EvmChain of(String text) {
    Matcher matcher = SHAPE.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("not a chain (" + RULE + "): " + text);
    }
    return new EvmChain(Long.parseLong(matcher.group(1)));
  }

  /// The CAIP-2 form.
  @JsonValue
  @Override
  public String toString() {
    return "eip155:" + id;
  }
}
