package org.agentchat.cli;

import org.agentchat.schemas.identity.AgentId;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// An agent on the command line, where only an agent can stand: the `@` may be left out.
final class AgentIdConverter implements ITypeConverter<AgentId> {
  @Override
  public AgentId convert(String text) {
    return AgentId.parse(text.startsWith("@") ? text : "@" + text)
        .orElseThrow(() ->
            new TypeConversionException(
                "an agent is @ and its id, such as @7f245a82471e5173, unlike '" + text + "'"));
  }
}
