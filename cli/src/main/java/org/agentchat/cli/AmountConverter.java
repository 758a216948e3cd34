package org.agentchat.cli;

import java.math.BigDecimal;
import java.util.Optional;
import org.agentchat.schemas.json.JsonNumber;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// A number that everybody reads alike; see [JsonNumber].
final class AmountConverter implements ITypeConverter<JsonNumber> {
  @Override
  public JsonNumber convert(String text) {
    return decimal(text)
        .filter(value -> value.signum() >= 0)
        .flatMap(JsonNumber::exactly)
        .orElseThrow(() ->
            new TypeConversionException(
                "a number from 0 on with at most 15 digits wanted, not '" + text + "'"));
  }

  private static Optional<BigDecimal> decimal(String text) {
    try {
      return text.length() > 40 ? Optional.empty() : Optional.of(new BigDecimal(text));
    } catch (NumberFormatException _) {
      return Optional.empty();
    }
  }
}
