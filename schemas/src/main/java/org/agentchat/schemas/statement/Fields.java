package org.agentchat.schemas.statement;

import java.util.Optional;
import java.util.function.Function;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.json.JsonNumber;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads the fields of one JSON object, with the protocol's own words for what is wrong. A field
/// that is JSON `null` counts as absent, as it does for the clients that send it.
public final class Fields {
  private static final double MAX_SAFE_STAKE = Integer.MAX_VALUE;

  private final JsonNode object;

  /// @param object a JSON object
  public Fields(JsonNode object) {
    this.object = object;
  }

  /// The field's value, or null when it is absent.
  public @Nullable JsonNode get(String name) {
    JsonNode value = object.get(name);
    return value == null || value.isNull() ? null : value;
  }

  /// A string that must be there and not empty.
  public String required(String name, String complaint) {
    String value = optional(name, complaint);
    if (value == null || value.isEmpty()) {
      throw new InvalidStatementException(complaint);
    }
    return value;
  }

  /// A string that may be absent.
  public @Nullable String optional(String name, String complaint) {
    JsonNode value = get(name);
    if (value == null) {
      return null;
    }
    if (!value.isString() || !Json.isWellFormed(value.stringValue())) {
      throw new InvalidStatementException(complaint);
    }
    return value.stringValue();
  }

  /// A finite, non-negative number that every reader sees alike, or null when it is absent.
  public @Nullable JsonNumber number(String name, String complaint) {
    JsonNode value = get(name);
    if (value == null) {
      return null;
    }
    Optional<JsonNumber> exact =
        value.isNumber() ? JsonNumber.exactly(value.decimalValue()) : Optional.empty();
    return exact
        .filter(number -> number.value() >= 0)
        .orElseThrow(() -> new InvalidStatementException(complaint));
  }

  /// A whole number from 0 to 2^31 - 1 (`5.0` counts, as in JavaScript), or null when absent.
  public @Nullable Integer stake(String name) {
    return whole(name, name + " must be a non-negative integer");
  }

  /// A whole number from 0 to 2^31 - 1, or null when absent.
  public @Nullable Integer whole(String name, String complaint) {
    JsonNumber number = number(name, complaint);
    if (number == null) {
      return null;
    }
    double value = number.value();
    if (value != StrictMath.rint(value) || value > MAX_SAFE_STAKE) {
      throw new InvalidStatementException(complaint);
    }
    return (int) value;
  }

  /// A log index, or -1 for the place before the first.
  public long index(String name, String complaint) {
    JsonNode value = get(name);
    if (value == null || !value.isIntegralNumber() || !value.canConvertToLong()) {
      throw new InvalidStatementException(complaint);
    }
    long index = value.longValue();
    if (index < -1 || index >= 1L << 53) {
      throw new InvalidStatementException(complaint);
    }
    return index;
  }

  /// A whole number of milliseconds from 0 to 2^53 - 1.
  public long millis(String name, String complaint) {
    return safeInteger(name, complaint);
  }

  /// A whole number from 0 to 2^53 - 1.
  public long safeInteger(String name, String complaint) {
    JsonNode value = get(name);
    if (value == null || !value.isIntegralNumber() || !value.canConvertToLong()) {
      throw new InvalidStatementException(complaint);
    }
    long number = value.longValue();
    if (number < 0 || number >= 1L << 53) {
      throw new InvalidStatementException(complaint);
    }
    return number;
  }

  /// A text of a form of its own that must be there.
  ///
  /// @param read throws an [IllegalArgumentException] when the text has another form
  public <T> T parsed(String name, String complaint, Function<String, T> read) {
    String text = required(name, complaint);
    try {
      return read.apply(text);
    } catch (IllegalArgumentException _) {
      throw new InvalidStatementException(complaint);
    }
  }
}
