package org.agentchat.schemas.escrow;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigInteger;
import java.util.regex.Pattern;

/// An amount in a token's smallest units (wei of the native coin), as a contract counts it. On the
/// wire it is a decimal text: a JSON number would lose digits beyond 2^53.
///
/// @param units from 0 to 2^256 - 1
public record TokenAmount(BigInteger units) {
  /// Nothing.
  public static final TokenAmount ZERO = new TokenAmount(BigInteger.ZERO);

  /// The shape, in words.
  static final String RULE = "base units as a decimal text from 0 to 2^256 - 1, no leading zeros";

  private static final Pattern SHAPE = Pattern.compile("0|[1-9][0-9]{0,77}");

  /// @throws IllegalArgumentException if the amount does not fit into a uint256
  public TokenAmount {
    if (units.signum() < 0 || units.bitLength() > 256) {
      throw new IllegalArgumentException("not an amount (" + RULE + "): " + units);
    }
  }

  /// Reads the decimal form.
  ///
  /// @throws IllegalArgumentException if the text is something else
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public static TokenAmount of(String text) {
    if (!SHAPE.matcher(text).matches()) {
      throw new IllegalArgumentException("not an amount (" + RULE + "): " + text);
    }
    return new TokenAmount(new BigInteger(text));
  }

  /// Whether it is what two parts give together.
  public boolean isSum(TokenAmount one, TokenAmount other) {
    return one.units.add(other.units).equals(units);
  }

  /// The decimal form.
  @JsonValue
  @Override
  public String toString() {
    return units.toString();
  }
}
