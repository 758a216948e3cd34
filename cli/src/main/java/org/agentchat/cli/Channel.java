package org.agentchat.cli;

import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// A channel on the command line, where the `#` may be left out because shells take it for a
/// comment.
///
/// @param name with its `#`
record Channel(String name) {
  static final Channel GENERAL = new Channel("#general");

  private static final Pattern SHAPE = Pattern.compile("#[a-zA-Z0-9_-]{1,31}");

  static Channel of(String text) {
    String name = text.startsWith("#") ? text : "#" + text;
    if (!SHAPE.matcher(name).matches()) {
      throw new TypeConversionException(
          "a channel is # and 1 to 31 letters, digits, hyphens and underscores, unlike '"
              + text
              + "'");
    }
    return new Channel(name);
  }

  static final class Converter implements ITypeConverter<Channel> {
    @Override
    public Channel convert(String text) {
      return of(text);
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
