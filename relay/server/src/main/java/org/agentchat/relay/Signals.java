package org.agentchat.relay;

import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.agentchat.schemas.json.JsonNumber;
import org.agentchat.schemas.message.ChatMessage;
import org.agentchat.schemas.message.ChatNotice;
import org.agentchat.schemas.message.ErrorCode;
import org.jspecify.annotations.Nullable;

/// What agents let each other know besides messages: presence, names, typing and the floor
/// (protocol.md sections 7 and 13). Only those who share a channel hear of it.
final class Signals {
  /// Names that would pass for the relay's own or an operator's, in lower case.
  private static final Set<String> RESERVED =
      Set.of(
          "server",
          "admin",
          "system",
          "root",
          "moderator",
          "mod",
          "bot",
          "agentchat",
          "operator",
          "shadow",
          "god",
          "jc");

  private final Channels channels;
  private final ChatRules rules;
  private final RelayClock clock;

  Signals(Channels channels, ChatRules rules, RelayClock clock) {
    this.channels = channels;
    this.rules = rules;
    this.clock = clock;
  }

  /// Notes how busy the agent is and tells everybody else who shares a channel, once.
  void presence(Connection connection, Agent agent, ChatMessage.SetPresence wanted) {
    String said = wanted.statusText();
    String text = said == null || said.isEmpty() ? null : said;
    connection.present(new Presence(wanted.status(), text));
    Set<Connection> others = new LinkedHashSet<>();
    channels.of(connection).forEach(channel -> others.addAll(channel.members()));
    others.remove(connection);
    ChatNotice notice =
        new ChatNotice.PresenceChanged(
            clock.millis(), agent.id(), agent.name(), wanted.status(), text);
    OutgoingFrame frame = OutgoingFrame.of(notice);
    others.forEach(other -> other.send(frame));
  }

  /// Gives the agent another name and tells every channel that it is in, then the agent itself.
  void nick(Session session, Agent agent, String nick, @Nullable String clientMsgId) {
    Connection connection = session.connection();
    if (RESERVED.contains(nick.toLowerCase(Locale.ROOT))) {
      connection.refuse(ErrorCode.INVALID_NAME, "Nick \"" + nick + "\" is reserved", clientMsgId);
      return;
    }
    long now = clock.millis();
    if (now < session.nextNickAt()) {
      long seconds = Math.ceilDiv(session.nextNickAt() - now, 1_000);
      connection.refuse(
          ErrorCode.RATE_LIMITED,
          "Nick change rate limited. Try again in " + seconds + "s",
          clientMsgId);
      return;
    }
    session.nextNickAt(now + rules.signals().nickEvery().toMillis());
    connection.change(known -> known.withName(nick));
    ChatNotice.NickChanged changed =
        new ChatNotice.NickChanged(now, agent.id(), agent.name(), nick, null);
    channels.of(connection).forEach(channel -> channel.broadcast(changed));
    connection.send(new ChatNotice.NickChanged(now, agent.id(), agent.name(), nick, clientMsgId));
  }

  /// Tells the other members of a channel that the agent is writing.
  void typing(Connection connection, Agent agent, String name) {
    member(connection, name)
        .ifPresent(channel ->
            channel.broadcastExcept(
                connection, new ChatNotice.Typing(clock.millis(), agent.id(), agent.name(), name)));
  }

  /// Claims the floor. One that is not a member is not heard and not answered: clients take an
  /// ERROR for the answer to something else.
  void responding(
      Connection connection,
      Agent agent,
      ChatMessage.RespondingTo wanted,
      @Nullable String clientMsgId) {
    Optional<Channel> channel = member(connection, wanted.channel());
    if (channel.isEmpty()) {
      return;
    }
    long now = clock.millis();
    Floor.Claim claim =
        new Floor.Claim(connection, agent.id(), plausible(wanted.startedAt(), now), now);
    switch (channel.get().floor().claim(wanted.msgId(), claim)) {
      case Floor.Outcome.Granted(Optional<Floor.Claim> displaced) -> {
        channel
            .get()
            .broadcastExcept(
                connection,
                new ChatNotice.FloorClaimed(
                    now,
                    wanted.msgId(),
                    wanted.channel(),
                    agent.id(),
                    agent.name(),
                    claim.startedAt()));
        displaced.ifPresent(lost ->
            lost.holder().send(notYours(wanted, claim, "Earlier started_at timestamp", null)));
      }
      case Floor.Outcome.Denied(Floor.Claim holder) ->
          connection.send(notYours(wanted, holder, "Another agent claimed first", clientMsgId));
      case Floor.Outcome.Kept() -> {}
    }
  }

  private ChatNotice.Yield notYours(
      ChatMessage.RespondingTo wanted,
      Floor.Claim holder,
      String reason,
      @Nullable String clientMsgId) {
    return new ChatNotice.Yield(
        clock.millis(),
        wanted.msgId(),
        wanted.channel(),
        holder.agent(),
        holder.startedAt(),
        reason,
        clientMsgId);
  }

  /// When the work began, as far as that can be believed: within the time that a claim holds, or
  /// else it counts from now on. Otherwise a start of 1 would always win.
  private JsonNumber plausible(JsonNumber startedAt, long now) {
    double age = now - startedAt.value();
    return age >= 0 && age <= rules.floor().claimFor().toMillis() ? startedAt : JsonNumber.of(now);
  }

  private Optional<Channel> member(Connection connection, String name) {
    return channels.find(name).filter(channel -> channel.has(connection));
  }
}
