package org.agentchat.cli;

import java.io.Console;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.agentchat.client.AgentChatClient;
import org.agentchat.client.Disconnected;
import org.agentchat.client.Reconnected;
import org.agentchat.client.Reply;
import org.agentchat.client.ServerFrame;
import org.agentchat.client.Subscription;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.message.AdminMessage;
import org.agentchat.schemas.message.ServerMessage;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "connect",
    description = "Talk: lines from standard input are said, what others say is printed.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nLines:%n",
    footer = InputLine.COMMANDS)
final class ConnectCommand implements Callable<Integer> {
  /// A relay lets one message a second through; so much patience have lines of a pipe.
  private static final int MAX_TRIES = 60;

  private static final Duration BETWEEN_TRIES = Duration.ofSeconds(1);

  @Mixin private RelayOptions relay;

  @Option(
      names = {"-j", "--join"},
      paramLabel = "<channel>",
      converter = Channel.Converter.class,
      description = "'#channel', or without the # (default: #general). May be repeated.")
  private @Nullable List<Channel> join;

  @Option(
      names = {"-n", "--name"},
      paramLabel = "<name>",
      description = "Display name (default: the identity's, or agent-<pid>).")
  private @Nullable String name;

  @Mixin private Output output;

  /// Why the connection was lost for good, or empty when nothing more was wanted.
  private final CompletableFuture<Optional<String>> end = new CompletableFuture<>();

  private final AtomicBoolean failed = new AtomicBoolean();
  private final List<Channel> joined = new ArrayList<>();

  /// Who we are to the relay; known and read by the listeners' thread only.
  private AgentId self = AgentId.SERVER;

  @Override
  public Integer call() {
    AdminKeys keys = adminKeys();
    try (AgentChatClient client = relay.prepare(name, null, output)) {
      Thread goodbye = new Thread(() -> stop(client), "goodbye");
      Runtime.getRuntime().addShutdownHook(goodbye);
      try (Subscription _ = client.answerVerifications()) {
        enter(client);
        Thread.ofVirtual().name("lines").start(() -> read(client, keys));
        end.join().ifPresent(ConnectCommand::fail);
        return failed.get() && !isTyped() ? Exit.FAILED : Exit.OK;
      } finally {
        forget(goodbye);
      }
    }
  }

  private AdminKeys adminKeys() {
    try {
      return AdminKeys.of(System.getenv());
    } catch (IllegalArgumentException e) {
      throw output.usage(String.valueOf(e.getMessage()));
    }
  }

  private static void fail(String reason) {
    throw new CommandFailure(
        "CONNECTION_LOST", Exit.UNREACHABLE, "The connection is lost: " + reason);
  }

  /// Whether somebody sits there who sees what fails; a script wants to know it at the end.
  private static boolean isTyped() {
    return Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
  }

  private void enter(AgentChatClient client) {
    client.onFrame(this::print);
    client.onDisconnect(this::lost);
    client.onReconnect(this::back);
    ServerMessage.Welcome welcome = Refusals.done(client.connect());
    say("Connected as " + welcome.agentId());
    for (Channel channel : join == null ? List.of(Channel.GENERAL) : join) {
      join(client, channel);
    }
    say("Type /help for commands, /quit to end");
  }

  private void read(AgentChatClient client, AdminKeys keys) {
    try {
      LineInput lines = new LineInput(System.in);
      String line = lines.next();
      while (line != null && !end.isDone() && perform(client, InputLine.of(line, keys), keys)) {
        line = lines.next();
      }
    } catch (IOException e) {
      say("Cannot read what is typed: " + e.getMessage());
    } finally {
      end.complete(Optional.empty());
    }
  }

  /// Does what a line says.
  ///
  /// @param keys for what admins say
  /// @return false when that is to end
  private boolean perform(AgentChatClient client, InputLine line, AdminKeys keys) {
    try {
      switch (line) {
        case InputLine.Empty() -> {}
        case InputLine.Say(String text) -> send(client, current().name(), text);
        case InputLine.Join(Channel channel) -> join(client, channel);
        case InputLine.Leave(Optional<Channel> channel) ->
            leave(client, channel.orElseGet(this::current));
        case InputLine.Nick(String nick) ->
            say("You are now called " + Refusals.done(client.setNick(nick)).newNick());
        case InputLine.Who(Optional<Channel> channel) ->
            who(client, channel.orElseGet(this::current));
        case InputLine.Tell(var agent, String text) -> send(client, agent.toString(), text);
        case InputLine.Propose(var proposal) ->
            ProposeCommand.lines(Refusals.done(client.propose(proposal))).forEach(this::say);
        case InputLine.Typing() -> Refusals.done(client.typing(current().name()));
        case InputLine.Administer(var act) -> administer(client, act);
        case InputLine.Approve(var file, String note) ->
            administer(client, keys.approve(PublicIdentity.read(file, "/approve").key(), note));
        case InputLine.Help() -> InputLine.COMMANDS.lines().forEach(this::say);
        case InputLine.Unclear(String complaint) -> complain(complaint);
        case InputLine.Quit() -> {
          return false;
        }
      }
    } catch (RuntimeException e) {
      complain(Failures.of(e).sentence());
    }
    return true;
  }

  private Channel current() {
    if (joined.isEmpty()) {
      throw new CommandFailure(
          "NOT_INVITED", Exit.FAILED, "You are in no channel; /join one first");
    }
    return joined.getLast();
  }

  private void join(AgentChatClient client, Channel channel) {
    Refusals.done(client.join(channel.name()));
    joined.remove(channel);
    joined.add(channel);
    say("Joined " + channel);
  }

  private void leave(AgentChatClient client, Channel channel) {
    Refusals.done(client.leave(channel.name()));
    joined.remove(channel);
    say("Left " + channel);
  }

  private void who(AgentChatClient client, Channel channel) {
    AgentsCommand.lines(channel, Refusals.done(client.listAgents(channel.name())))
        .forEach(this::say);
  }

  private void administer(AgentChatClient client, AdminMessage act) {
    AdminLines.of(act, Refusals.done(client.administer(act))).forEach(this::say);
  }

  private void send(AgentChatClient client, String to, String text) {
    ServerMessage.Msg _ = Refusals.done(patiently(() -> client.send(to, text)));
  }

  /// Lines of a pipe come faster than a relay lets messages through.
  private Reply<ServerMessage.Msg> patiently(Supplier<Reply<ServerMessage.Msg>> sending) {
    Reply<ServerMessage.Msg> reply = sending.get();
    for (int i = 1; i < MAX_TRIES && isTooFast(reply) && !end.isDone(); i++) {
      try {
        Thread.sleep(BETWEEN_TRIES);
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return reply;
      }
      reply = sending.get();
    }
    return reply;
  }

  private static boolean isTooFast(Reply<ServerMessage.Msg> reply) {
    return reply instanceof Reply.Refused<ServerMessage.Msg> refused
        && refused.code().equals("RATE_LIMITED");
  }

  private void print(ServerFrame frame) {
    if (frame.message() instanceof ServerMessage.Welcome welcome) {
      self = welcome.agentId();
    }
    if (!output.isJson()) {
      NewsLine.of(frame.message(), self).ifPresent(this::println);
    } else if (ListenCommand.isNews(frame.message())) {
      println(ListenCommand.oneLine(frame));
    }
  }

  private void println(String line) {
    output.out().println(line);
    if (output.out().checkError()) {
      // Nobody reads on.
      end.complete(Optional.empty());
    }
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

  private void complain(String sentence) {
    failed.set(true);
    say("Error: " + sentence);
  }

  private void say(String status) {
    output.err().println(Printable.of(status));
    output.err().flush();
  }

  /// Ctrl-C is one way to end, so it ends well.
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
