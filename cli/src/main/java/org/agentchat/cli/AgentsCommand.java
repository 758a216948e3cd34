package org.agentchat.cli;

import java.util.ArrayList;
import java.util.List;
import org.agentchat.client.AgentChatClient;
import org.agentchat.schemas.message.ServerMessage.Presence;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "agents",
    description = "List the agents in a channel.",
    mixinStandardHelpOptions = true)
final class AgentsCommand implements Runnable {
  @Mixin private RelayOptions relay;

  @Parameters(
      index = "1",
      paramLabel = "<channel>",
      converter = Channel.Converter.class,
      description = "'#channel', or without the #.")
  private Channel channel;

  @Option(
      names = {"-n", "--name"},
      paramLabel = "<name>",
      description = "Display name (default: the identity's, or agent-<pid>).")
  private @Nullable String name;

  @Mixin private Output output;

  @Override
  public void run() {
    try (AgentChatClient client = relay.connect(name, output)) {
      List<Presence> agents = Refusals.done(client.listAgents(channel.name()));
      output.print(agents, lines(channel, agents));
    }
  }

  static List<String> lines(Channel channel, List<Presence> agents) {
    List<String> lines = new ArrayList<>();
    lines.add("Agents in " + channel + ":");
    for (Presence agent : agents) {
      String status = agent.statusText() == null ? "" : " - " + agent.statusText();
      lines.add(
          Printable.of(
              "  %s (%s) [%s]%s".formatted(agent.id(), agent.name(), agent.presence(), status)));
    }
    return lines;
  }
}
