package org.agentchat.cli;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.agentchat.client.AgentChatClient;
import org.agentchat.client.Disconnected;
import org.agentchat.client.Reconnected;
import org.agentchat.client.ServerFrame;
import org.agentchat.schemas.message.ChatNotice;
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
  /// What the relay says to this connection alone; everything else is news.
  private static final Set<Class<? extends ServerMessage>> ANSWERS =
      Set.of(
          ServerMessage.Welcome.class,
          ServerMessage.Challenge.class,
          ServerMessage.Joined.class,
          ServerMessage.Left.class,
          ServerMessage.Channels.class,
          ServerMessage.Agents.class,
          ServerMessage.Refused.class,
          ServerMessage.Pong.class,
          ServerMessage.Resumed.class,
          ServerMessage.SessionDisplaced.class,
          ChatNotice.VerifyRequest.class,
          ChatNotice.VerifySuccess.class,
          ChatNotice.VerifyFailed.class,
          ServerMessage.Unknown.class);

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

  @Option(
      names = "--since",
      paramLabel = "<index>",
      description =
          "Also print what the log said to us after this index, -1 for all (default: what we have"
              + " not heard from this relay).")
  private @Nullable Long since;

  @Mixin private Output output;

  /// Why the connection was lost for good, or empty when nothing more was wanted.
  private final CompletableFuture<Optional<String>> end = new CompletableFuture<>();

  private int printed;

  @Override
  public Integer call() {
    if (max != null && max < 1) {
      throw output.usage("--max-messages takes 1 or more, not " + max);
    }
    if (since != null && since < -1) {
      throw output.usage("--since takes a log index, or -1 for all, not " + since);
    }
    try (AgentChatClient client = relay.prepare(name, since, output)) {
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
    client.answerVerifications();
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
    if (end.isDone() || !isNews(frame.message())) {
      return;
    }
    output.out().println(oneLine(frame));
    printed++;
    if (max != null && printed >= max) {
      say("Received " + max + " messages, disconnecting");
      end.complete(Optional.empty());
    } else if (output.out().checkError()) {
      // Nobody reads on: `listen | head` is over.
      end.complete(Optional.empty());
    }
  }

  /// The frame as it came. Another server may send its JSON over several lines; between its tokens
  /// a space does as well.
  static String oneLine(ServerFrame frame) {
    return frame.text().replace('\n', ' ').replace('\r', ' ');
  }

  /// Whether it says something that was not asked for.
  static boolean isNews(ServerMessage message) {
    return !ANSWERS.contains(message.getClass());
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
