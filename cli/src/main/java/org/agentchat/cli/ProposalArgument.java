package org.agentchat.cli;

import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/// `<proposal_id>`, behind the server.
final class ProposalArgument {
  private static final Pattern SHAPE = Pattern.compile("prop_[0-9A-Za-z_-]{1,123}");

  @Parameters(
      index = "1",
      paramLabel = "<proposal_id>",
      converter = Converter.class,
      description = "The proposal, as 'agentchat propose' printed it.")
  private String id;

  String id() {
    return id;
  }

  static final class Converter implements ITypeConverter<String> {
    @Override
    public String convert(String text) {
      if (!SHAPE.matcher(text).matches()) {
        throw new TypeConversionException(
            "a proposal's id begins with prop_, as 'agentchat propose' prints it, unlike '"
                + text
                + "'");
      }
      return text;
    }
  }
}
