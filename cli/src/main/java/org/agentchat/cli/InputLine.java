package org.agentchat.cli;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Locale;
import java.util.Optional;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.json.JsonNumber;
import org.agentchat.schemas.message.AdminMessage;
import org.agentchat.schemas.statement.Statement;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.TypeConversionException;

/// What somebody types in `connect`: a line to say, or a command that begins with `/`.
sealed interface InputLine {
  /// Nothing.
  record Empty() implements InputLine {}

  /// Said in the current channel.
  record Say(String text) implements InputLine {}

  /// Hear a channel and speak there from now on.
  record Join(Channel channel) implements InputLine {}

  /// Leave a channel; the current one when none is named.
  record Leave(Optional<Channel> channel) implements InputLine {}

  /// Take another name.
  record Nick(String nick) implements InputLine {}

  /// Show who is in a channel; in the current one when none is named.
  record Who(Optional<Channel> channel) implements InputLine {}

  /// Said to one agent.
  record Tell(AgentId agent, String text) implements InputLine {}

  /// Offer work.
  record Propose(Statement.Proposal proposal) implements InputLine {}

  /// Tell the current channel that somebody is writing.
  record Typing() implements InputLine {}

  /// Do what admins do.
  record Administer(AdminMessage act) implements InputLine {}

  /// Put the owner of an identity file on the allowlist.
  record Approve(Path identity, @Nullable String note) implements InputLine {}

  /// Show the commands.
  record Help() implements InputLine {}

  /// End.
  record Quit() implements InputLine {}

  /// A command that makes no sense, and why.
  record Unclear(String complaint) implements InputLine {}

  /// What there is, for `/help`.
  String COMMANDS =
      """
      Text goes to the current channel; a line that begins with // is text that begins with /.
        /join #channel       hear a channel and speak there
        /leave [#channel]    leave it
        /who [#channel]      show who is in it
        /msg @agent text     speak to one agent
        /nick name           take another name
        /typing              tell the channel that you are writing
        /propose @agent [-a amount] [-c currency] [-e seconds] [-s stake] [-k skill] task
        /help                show this
        /quit                end (also Ctrl-D and Ctrl-C)
      For admins, by their own key or by ALLOWLIST_ADMIN_KEY and AGENTCHAT_ADMIN_KEY:
        /kick @agent [reason]       close an agent's connection
        /ban @agent [reason]        and let it in no more
        /unban @agent               let it in again
        /allowlist                  show who is approved
        /approve file [note]        approve the owner of an identity file
        /revoke @agent              take its approval back
        /vouch @agent               vouch for an agent while it is connected
        /unvouch @agent             vouch for it no more
        /motd [text]                change the message of the day; none without a text\
      """;

  /// How long an offer stands unless `-e` says otherwise, in seconds, as in `propose`.
  JsonNumber EXPIRES = JsonNumber.of(300);

  /// Reads a line.
  ///
  /// @param keys for what admins say
  static InputLine of(String line, AdminKeys keys) {
    String text = line.strip();
    if (text.isEmpty()) {
      return new Empty();
    }
    if (!text.startsWith("/")) {
      return new Say(line);
    }
    if (text.startsWith("//")) {
      return new Say(text.substring(1));
    }
    Words words = new Words(text);
    String command = words.next().toLowerCase(Locale.ROOT);
    try {
      return command(command, words, keys);
    } catch (TypeConversionException | IllegalArgumentException e) {
      return new Unclear(command + ": " + e.getMessage());
    }
  }

  private static InputLine command(String command, Words words, AdminKeys keys) {
    InputLine read =
        switch (command) {
          case "/join" -> new Join(Channel.of(words.need("#channel")));
          case "/leave" -> new Leave(words.maybe().map(Channel::of));
          case "/nick" -> new Nick(words.need("name"));
          case "/who" -> new Who(words.maybe().map(Channel::of));
          case "/msg" -> new Tell(agent(words.need("@agent")), words.rest("text"));
          case "/propose" -> new Propose(proposal(words));
          case "/typing" -> new Typing();
          case "/approve" -> new Approve(Path.of(words.need("file")), words.remark());
          case "/help" -> new Help();
          case "/quit" -> new Quit();
          case String _ ->
              act(command, words, keys)
                  .<InputLine>map(Administer::new)
                  .orElseGet(() -> new Unclear("There is no command " + command + "; see /help"));
        };
    return read instanceof Unclear || words.isEmpty()
        ? read
        : new Unclear(command + ": '" + words.next() + "' is too much; see /help");
  }

  private static Optional<AdminMessage> act(String command, Words words, AdminKeys keys) {
    return switch (command) {
      case "/kick" -> Optional.of(keys.kick(agent(words.need("@agent")), words.remark()));
      case "/ban" -> Optional.of(keys.ban(agent(words.need("@agent")), words.remark()));
      case "/unban" -> Optional.of(keys.unban(agent(words.need("@agent"))));
      case "/allowlist" -> Optional.of(keys.list());
      case "/revoke" -> Optional.of(keys.revoke(agent(words.need("@agent"))));
      case "/vouch" -> Optional.of(keys.vouch(agent(words.need("@agent")), true));
      case "/unvouch" -> Optional.of(keys.vouch(agent(words.need("@agent")), false));
      case "/motd" -> Optional.of(keys.motd(words.remark()));
      case String _ -> Optional.empty();
    };
  }

  private static AgentId agent(String text) {
    return new AgentIdConverter().convert(text);
  }

  private static Statement.Proposal proposal(Words words) {
    AgentId to = agent(words.need("@agent"));
    JsonNumber amount = null;
    String currency = null;
    JsonNumber expires = EXPIRES;
    Integer stake = null;
    String capability = null;
    for (String option = words.option(); option != null; option = words.option()) {
      String value = words.need("value of " + option);
      switch (option) {
        case "-a" -> amount = new AmountConverter().convert(value);
        case "-c" -> currency = value;
        case "-e" -> expires = new AmountConverter().convert(value);
        case "-k" -> capability = value;
        case "-s" -> stake = new StakeConverter().convert(value);
        case String _ ->
            throw new IllegalArgumentException("there is no option " + option + "; see /help");
      }
    }
    return new Statement.Proposal(
        to, words.rest("task"), amount, currency, null, null, expires, stake, capability);
  }

  /// The words of a line, taken from the left.
  final class Words {
    private final Deque<String> left;

    private Words(String text) {
      left = new ArrayDeque<>(Arrays.asList(text.split("\\s+")));
    }

    private boolean isEmpty() {
      return left.isEmpty();
    }

    private String next() {
      return left.isEmpty() ? "" : left.removeFirst();
    }

    private Optional<String> maybe() {
      return Optional.ofNullable(left.pollFirst());
    }

    private String need(String what) {
      return maybe().orElseThrow(() -> new IllegalArgumentException(what + " is missing"));
    }

    /// The next word if it is an option.
    private @Nullable String option() {
      String next = left.peekFirst();
      return next != null && next.matches("-[a-z]") ? left.removeFirst() : null;
    }

    /// All that is left, if anything is.
    private @Nullable String remark() {
      return left.isEmpty() ? null : rest("text");
    }

    /// All that is left, words parted by one space.
    private String rest(String what) {
      String rest = String.join(" ", left);
      left.clear();
      if (rest.isEmpty()) {
        throw new IllegalArgumentException(what + " is missing");
      }
      return rest;
    }
  }
}
