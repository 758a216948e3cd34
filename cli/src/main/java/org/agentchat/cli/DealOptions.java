package org.agentchat.cli;

import java.util.regex.Pattern;
import org.agentchat.client.AgentChatClient;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/// The relay to talk to and the proposal to talk about, which only an agent with a key may do.
final class DealOptions {
  private static final Pattern SHAPE = Pattern.compile("prop_[0-9A-Za-z_-]{1,123}");

  @Mixin private RelayOptions relay;

  @Parameters(
      index = "1",
      paramLabel = "<proposal_id>",
      converter = Converter.class,
      description = "The proposal, as 'agentchat propose' printed it.")
  private String id;

  String proposalId() {
    return id;
  }

  AgentChatClient connect(Output output) {
    return relay.connectSigned(output);
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
