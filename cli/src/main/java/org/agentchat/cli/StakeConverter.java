package org.agentchat.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Rating points to put at risk.
final class StakeConverter implements ITypeConverter<Integer> {
  private static final int MAX_DIGITS = 9;

  @Override
  public Integer convert(String text) {
    boolean digits =
        !text.isEmpty()
            && text.length() <= MAX_DIGITS
            && text.chars().allMatch(c -> c >= '0' && c <= '9');
    if (!digits) {
      throw new TypeConversionException(
          "a stake is a whole number of rating points from 0 on, unlike '" + text + "'");
    }
    return Integer.valueOf(text);
  }
}
