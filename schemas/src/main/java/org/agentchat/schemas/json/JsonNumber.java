package org.agentchat.schemas.json;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonValue;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.erdtman.jcs.NumberToJSON;

/// A number that every JSON implementation reads alike: a decimal that is exactly the shortest text
/// of one IEEE 754 double, as ECMAScript prints it (ECMA-262 section 6.1.6.1.20, RFC 8785 section
/// 3.2.2.3).
///
/// `10`, `0.05` and `1e21` are such numbers. `9007199254740993` and `0.1000000000000000055` are
/// not: a reader with doubles would see another value than the one that was written, so they are
/// refused rather than rounded. Subnormal doubles (nearer to zero than 2.2e-308, but not zero) are
/// refused too: formatting one never ends in the JCS library (version 1.1), so an amount of
/// `1e-319` would stop every reader of the log.
///
/// Immutable; two are equal when their texts are.
public final class JsonNumber {
  /// So many digits are always below 2^53, and so printed as they are.
  private static final int MAX_PLAIN_DIGITS = 15;

  /// How many numbers from 0 on are made once: most amounts are among them, and deals are kept for
  /// a day.
  private static final int SMALL_NUMBERS = 256;

  private static final List<JsonNumber> SMALL =
      IntStream.range(0, SMALL_NUMBERS)
          .mapToObj(small -> new JsonNumber(Integer.toString(small), small))
          .toList();

  private final String text;
  private final double value;

  /// @param text the ECMAScript form, for example `0.05`
  /// @throws IllegalArgumentException if it is not in that form
  public JsonNumber(String text) {
    this(text, text.length() > Json.MAX_NUMBER_CHARS ? Double.NaN : Double.parseDouble(text));
    if (Double.isNaN(value) || !text.equals(format(value))) {
      throw new IllegalArgumentException("not the ECMAScript form of a number: " + text);
    }
  }

  private JsonNumber(String text, double value) {
    this.text = text;
    this.value = value;
  }

  /// The number with this exact decimal value, or empty when no double prints as it.
  public static Optional<JsonNumber> exactly(BigDecimal value) {
    double nearest = value.doubleValue();
    if (value.scale() == 0 && value.precision() <= MAX_PLAIN_DIGITS) {
      if (nearest >= 0 && nearest < SMALL_NUMBERS) {
        return Optional.of(SMALL.get((int) nearest));
      }
      return Optional.of(new JsonNumber(value.toString(), nearest));
    }
    if (Double.isInfinite(nearest) || isSubnormal(nearest)) {
      return Optional.empty();
    }
    String text = format(nearest);
    return new BigDecimal(text).compareTo(value) == 0
        ? Optional.of(new JsonNumber(text, nearest))
        : Optional.empty();
  }

  /// The number with this value, which must be below 2^53 in size.
  public static JsonNumber of(long value) {
    return read(BigDecimal.valueOf(value));
  }

  /// The value as a double: nothing is lost.
  public double value() {
    return value;
  }

  /// The ECMAScript form; also how the number is written in JSON.
  @JsonValue
  @JsonRawValue
  public String text() {
    return text;
  }

  @JsonCreator
  static JsonNumber read(BigDecimal value) {
    return exactly(value)
        .orElseThrow(() -> new IllegalArgumentException(value + " is not an exact double"));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof JsonNumber number && text.equals(number.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }

  static boolean isSubnormal(double value) {
    return value != 0 && Math.abs(value) < Double.MIN_NORMAL;
  }

  private static String format(double value) {
    if (isSubnormal(value)) {
      throw new IllegalArgumentException("too near to zero: " + value);
    }
    try {
      return NumberToJSON.serializeNumber(value);
    } catch (IOException e) {
      throw new IllegalArgumentException("not a finite number: " + value, e);
    }
  }
}
