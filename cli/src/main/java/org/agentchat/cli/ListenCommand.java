package org.agentchat.cli;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.agentchat.client.AgentChatClient;
import org.agentchat.client.Disconnected;
import org.agentchat.client.Reconnected;
import org.agentchat.client.ServerFrame;
import org.agentchat.schemas.message.CourtMessage;
import org.agentchat.schemas.message.ServerMessage;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "listen",
    description = "Print what is said and agreed as JSON lines, until Ctrl-C.",
    mixinStandardHelpOptions = true)
final class ListenCommand implements Callable<Integer> {
  @Mixin private RelayOptions relay;

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "<channel>",
      converter = Channel.Converter.class,
      description = "'#channel', or without the # (default: #general).")
  private @Nullable List<Channel> channels;

  @Option(
      names = {"-n", "--name"},
      paramLabel = "<name>",
      description = "Display name (default: the identity's, or agent-<pid>).")
  private @Nullable String name;

  @Option(
      names = {"-m", "--max-messages"},
      paramLabel = "<n>",
      description = "Disconnect after so many lines.")
  private @Nullable Integer max;

  @Mixin private Output output;

  /// Why the connection was lost for good, or empty when nothing more was wanted.
  private final CompletableFuture<Optional<String>> end = new CompletableFuture<>();

  private int printed;

  @Override
  public Integer call() {
    if (max != null && max < 1) {
      throw output.usage("--max-messages takes 1 or more, not " + max);
    }
    try (AgentChatClient client = relay.prepare(name, output)) {
      Thread goodbye = new Thread(() -> stop(client), "goodbye");
      Runtime.getRuntime().addShutdownHook(goodbye);
      try {
        listen(client);
        end.join().ifPresent(ListenCommand::fail);
        return Exit.OK;
      } finally {
        forget(goodbye);
      }
    }
  }

  private static void fail(String reason) {
    throw new CommandFailure(
        "CONNECTION_LOST", Exit.UNREACHABLE, "The connection is lost: " + reason);
  }

  private void listen(AgentChatClient client) {
    client.onFrame(this::print);
    client.onDisconnect(this::lost);
    client.onReconnect(this::back);
    ServerMessage.Welcome welcome = Refusals.done(client.connect());
    say("Connected as " + welcome.agentId());
    List<Channel> wanted = channels == null ? List.of(Channel.GENERAL) : channels;
    for (Channel channel : wanted) {
      Refusals.done(client.join(channel.name()));
    }
    say("Joined: " + String.join(", ", wanted.stream().map(Channel::name).toList()));
    say(
        max == null
            ? "Streaming messages to stdout (Ctrl+C to stop)"
            : "Will disconnect after " + max + " messages");
  }

  private void print(ServerFrame frame) {
    if (end.isDone() || !isWanted(frame.message())) {
      return;
    }
    // Another server may send its JSON over several lines; between its tokens a space does as well.
    output.out().println(frame.text().replace('\n', ' ').replace('\r', ' '));
    printed++;
    if (max != null && printed >= max) {
      say("Received " + max + " messages, disconnecting");
      end.complete(Optional.empty());
    } else if (output.out().checkError()) {
      // Nobody reads on: `listen | head` is over.
      end.complete(Optional.empty());
    }
  }

  private static boolean isWanted(ServerMessage message) {
    return switch (message) {
      case ServerMessage.Msg _,
          ServerMessage.AgentJoined _,
          ServerMessage.AgentLeft _,
          ServerMessage.Proposal _,
          ServerMessage.Accept _,
          ServerMessage.Reject _,
          ServerMessage.Complete _,
          ServerMessage.Dispute _,
          ServerMessage.Expired _,
          CourtMessage _ ->
          true;
      case ServerMessage.Welcome _,
          ServerMessage.Challenge _,
          ServerMessage.Joined _,
          ServerMessage.Left _,
          ServerMessage.Channels _,
          ServerMessage.Agents _,
          ServerMessage.Refused _,
          ServerMessage.Pong _,
          ServerMessage.SessionDisplaced _,
          ServerMessage.Unknown _ ->
          false;
    };
  }

  private void lost(Disconnected lost) {
    if (lost.reconnecting()) {
      say("Connection lost: " + lost.reason() + "; trying again");
    } else {
      end.complete(Optional.of(lost.reason()));
    }
  }

  private void back(Reconnected back) {
    say("Connected again as " + back.welcome().agentId());
  }

  private void say(String status) {
    output.err().println(Printable.of(status));
    output.err().flush();
  }

  /// Ctrl-C is how listening ends, so it ends well.
  private void stop(AgentChatClient client) {
    end.complete(Optional.empty());
    client.close();
    output.out().flush();
    Runtime.getRuntime().halt(Exit.OK);
  }

  private static void forget(Thread goodbye) {
    try {
      Runtime.getRuntime().removeShutdownHook(goodbye);
    } catch (IllegalStateException _) {
      // The hook is running: it ends the process.
    }
  }
}
