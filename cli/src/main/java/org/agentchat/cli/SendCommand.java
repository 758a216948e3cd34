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
    name = "send",
    description = "Send a message and disconnect, once the relay has passed it on.",
    mixinStandardHelpOptions = true)
final class SendCommand implements Runnable {
  @Mixin private RelayOptions relay;

  @Parameters(
      index = "1",
      paramLabel = "<target>",
      converter = Target.Converter.class,
      description = "'#channel', which is joined first, or @agent.")
  private Target target;

  @Parameters(
      index = "2..*",
      arity = "1..*",
      paramLabel = "<message>",
      description = "What to say; several words are joined by spaces.")
  private List<String> words;

  @Option(
      names = {"-n", "--name"},
      paramLabel = "<name>",
      description = "Display name (default: the identity's, or agent-<pid>).")
  private @Nullable String name;

  @Mixin private Output output;

  @Override
  public void run() {
    try (AgentChatClient client = relay.connect(name, output)) {
      if (target.isChannel()) {
        Refusals.done(client.join(target.name()));
      }
      ServerMessage.Msg sent = Refusals.done(client.send(target.name(), String.join(" ", words)));
      output.print(sent, List.of("Message sent"));
    }
  }
}
