package org.agentchat.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// How many, at the most.
final class CountConverter implements ITypeConverter<Integer> {
  private static final int MAX_DIGITS = 9;

  @Override
  public Integer convert(String text) {
    boolean digits =
        !text.isEmpty()
            && text.length() <= MAX_DIGITS
            && text.chars().allMatch(c -> c >= '0' && c <= '9');
    if (!digits) {
      throw new TypeConversionException("a whole number from 0 on wanted, found '" + text + "'");
    }
    return Integer.valueOf(text);
  }
}
