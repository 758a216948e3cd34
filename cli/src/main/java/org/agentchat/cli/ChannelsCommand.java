package org.agentchat.cli;

import java.util.ArrayList;
import java.util.List;
import org.agentchat.client.AgentChatClient;
import org.agentchat.schemas.message.ServerMessage.ChannelSummary;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "channels",
    description = "List the channels of a relay.",
    mixinStandardHelpOptions = true)
final class ChannelsCommand implements Runnable {
  @Mixin private RelayOptions relay;

  @Option(
      names = {"-n", "--name"},
      paramLabel = "<name>",
      description = "Display name (default: the identity's, or agent-<pid>).")
  private @Nullable String name;

  @Mixin private Output output;

  @Override
  public void run() {
    try (AgentChatClient client = relay.connect(name, output)) {
      List<ChannelSummary> channels = Refusals.done(client.listChannels());
      output.print(channels, lines(channels));
    }
  }

  private static List<String> lines(List<ChannelSummary> channels) {
    List<String> lines = new ArrayList<>();
    lines.add("Available channels:");
    for (ChannelSummary channel : channels) {
      lines.add("  %s (%d agents)".formatted(Printable.of(channel.name()), channel.agents()));
    }
    return lines;
  }
}
