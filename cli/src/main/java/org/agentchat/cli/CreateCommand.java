package org.agentchat.cli;

import java.util.List;
import org.agentchat.client.AgentChatClient;
import org.agentchat.schemas.message.ServerMessage;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "create",
    description = "Create a channel. One that stays empty is forgotten after an hour.",
    mixinStandardHelpOptions = true)
final class CreateCommand implements Runnable {
  private record Created(String channel, boolean inviteOnly) {}

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

  @Option(
      names = {"-p", "--private"},
      description = "Only invited agents may join, and it is not listed.")
  private boolean inviteOnly;

  @Mixin private Output output;

  @Override
  public void run() {
    try (AgentChatClient client = relay.connect(name, output)) {
      ServerMessage.Joined _ = Refusals.done(client.createChannel(channel.name(), inviteOnly));
      output.print(
          new Created(channel.name(), inviteOnly),
          List.of("Created " + channel + (inviteOnly ? " (invite-only)" : "")));
    }
  }
}
