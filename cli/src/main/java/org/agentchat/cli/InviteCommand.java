package org.agentchat.cli;

import java.util.List;
import org.agentchat.client.AgentChatClient;
import org.agentchat.schemas.identity.AgentId;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "invite",
    description = "Join a private channel and let an agent in.",
    mixinStandardHelpOptions = true)
final class InviteCommand implements Runnable {
  private record Invited(AgentId invited, String channel) {}

  @Mixin private RelayOptions relay;

  @Parameters(
      index = "1",
      paramLabel = "<channel>",
      converter = Channel.Converter.class,
      description = "'#channel', or without the #.")
  private Channel channel;

  @Parameters(index = "2", paramLabel = "<agent>", description = "Whom, @id.")
  private AgentId agent;

  @Option(
      names = {"-n", "--name"},
      paramLabel = "<name>",
      description = "Display name (default: the identity's, or agent-<pid>).")
  private @Nullable String name;

  @Mixin private Output output;

  @Override
  public void run() {
    try (AgentChatClient client = relay.connect(name, output)) {
      Refusals.done(client.join(channel.name()));
      AgentId invited = Refusals.done(client.invite(channel.name(), agent));
      output.print(
          new Invited(invited, channel.name()),
          List.of("Invited %s to %s".formatted(invited, channel)));
    }
  }
}
