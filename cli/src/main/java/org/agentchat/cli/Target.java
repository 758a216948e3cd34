package org.agentchat.cli;

import org.agentchat.schemas.identity.AgentId;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Who is spoken to: `#channel` or `@agent`. Neither sign may be left out, as either could be
/// meant.
///
/// @param name with its sign
record Target(String name) {
  static Target of(String text) {
    if (text.startsWith("#")) {
      return new Target(Channel.of(text).name());
    }
    if (AgentId.parse(text).isPresent()) {
      return new Target(text);
    }
    throw new TypeConversionException(
        "'%s' is neither a channel nor an agent: write '#%s' (with the quotes) or @%s"
            .formatted(text, text, text));
  }

  boolean isChannel() {
    return name.startsWith("#");
  }

  static final class Converter implements ITypeConverter<Target> {
    @Override
    public Target convert(String text) {
      return of(text);
    }
  }
}
