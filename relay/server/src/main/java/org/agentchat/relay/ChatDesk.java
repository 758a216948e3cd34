package org.agentchat.relay;

import java.util.Optional;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.message.ChatMessage;
import org.agentchat.schemas.message.ErrorCode;
import org.agentchat.schemas.message.ServerMessage;
import org.jspecify.annotations.Nullable;

/// Hands what is said around the chat to who knows, and makes channels. Runs on the connections'
/// own threads.
final class ChatDesk {
  private final Directory directory;
  private final Channels channels;
  private final RelaySettings settings;
  private final RelayClock clock;
  private final Signals signals;
  private final FileChunks files;
  private final Verifications verifications;
  private final Callbacks callbacks;
  private final Repeats repeats;
  private final IdlePrompts idlePrompts;
  private final AuditLog audit;

  ChatDesk(
      Directory directory,
      Channels channels,
      RelaySettings settings,
      RelayClock clock,
      Signals signals,
      FileChunks files,
      Verifications verifications,
      Callbacks callbacks,
      Repeats repeats,
      IdlePrompts idlePrompts,
      AuditLog audit) {
    this.directory = directory;
    this.channels = channels;
    this.settings = settings;
    this.clock = clock;
    this.signals = signals;
    this.files = files;
    this.verifications = verifications;
    this.callbacks = callbacks;
    this.repeats = repeats;
    this.idlePrompts = idlePrompts;
    this.audit = audit;
  }

  /// Handles a frame, also one of a connection that has not said who it is.
  void handle(Session session, ChatMessage message, @Nullable String clientMsgId) {
    Connection connection = session.connection();
    String off = whatIsOff(message);
    if (off != null) {
      connection.refuse(ErrorCode.INVALID_MSG, off, clientMsgId);
      return;
    }
    Optional<Agent> agent = connection.agent();
    if (agent.isPresent()) {
      handle(session, agent.get(), message, clientMsgId);
    } else if (!isAdvice(message)) {
      connection.refuse(ErrorCode.AUTH_REQUIRED, "Must IDENTIFY first", clientMsgId);
    }
  }

  /// Why nobody may do this here, or null.
  private @Nullable String whatIsOff(ChatMessage message) {
    if (message instanceof ChatMessage.Invite && !rules().channels().privateChannels()) {
      return "Private channels are disabled on this server";
    }
    if (message instanceof ChatMessage.FileChunk && !rules().direct().allowed()) {
      return "File transfers are disabled.";
    }
    return null;
  }

  /// Whether nobody is ever told that such a frame was not heard.
  private static boolean isAdvice(ChatMessage message) {
    return message instanceof ChatMessage.Typing || message instanceof ChatMessage.RespondingTo;
  }

  private ChatRules rules() {
    return settings.chat();
  }

  private void handle(
      Session session, Agent agent, ChatMessage message, @Nullable String clientMsgId) {
    Connection connection = session.connection();
    if (!(message instanceof ChatMessage.FileChunk) && !session.signals().take(clock.millis())) {
      if (!isAdvice(message)) {
        refuse(
            connection,
            "Rate limit exceeded (max "
                + Math.round(rules().signals().perSecond())
                + " such frames per second)",
            clientMsgId);
      }
      return;
    }
    switch (message) {
      case ChatMessage.SetPresence presence -> signals.presence(connection, agent, presence);
      case ChatMessage.SetNick(String nick) -> signals.nick(session, agent, nick, clientMsgId);
      case ChatMessage.Typing(String channel) -> signals.typing(connection, agent, channel);
      case ChatMessage.RespondingTo claim ->
          signals.responding(connection, agent, claim, clientMsgId);
      case ChatMessage.CreateChannel wanted -> create(connection, agent, wanted, clientMsgId);
      case ChatMessage.Invite(String channel, AgentId guest) ->
          invite(connection, agent, channel, guest, clientMsgId);
      case ChatMessage.FileChunk chunk -> files.pass(session, agent, chunk, clientMsgId);
      case ChatMessage.VerifyRequest request ->
          verifications.request(connection, agent, request, clientMsgId);
      case ChatMessage.VerifyResponse answer ->
          verifications.respond(connection, agent, answer, clientMsgId);
    }
  }

  private void create(
      Connection connection,
      Agent agent,
      ChatMessage.CreateChannel wanted,
      @Nullable String clientMsgId) {
    if (rules().channels().verifiedCreate() && !agent.verified()) {
      connection.refuse(
          ErrorCode.AUTH_REQUIRED, "Only verified agents can create channels", clientMsgId);
      return;
    }
    String name = wanted.channel();
    // Its creator is its first member, and would hear all that those who are verified say.
    if (wanted.verifiedOnly() && !agent.verified()) {
      connection.refuse(
          ErrorCode.AUTH_REQUIRED, "Channel " + name + " requires verified identity", clientMsgId);
      return;
    }
    if (channels.find(name).isPresent()) {
      exists(connection, name, clientMsgId);
      return;
    }
    if (wanted.inviteOnly() && !rules().channels().privateChannels()) {
      connection.refuse(
          ErrorCode.INVALID_MSG, "Private channels are disabled on this server", clientMsgId);
      return;
    }
    int most = settings.limits().membership().perAgent();
    if (connection.channels().size() >= most) {
      refuse(connection, "Too many channels (max " + most + " joined)", clientMsgId);
      return;
    }
    Channel.Kind kind = new Channel.Kind(wanted.verifiedOnly(), wanted.inviteOnly(), agent.id());
    switch (channels.create(name, kind)) {
      case Channels.Creation.Created(Channel channel) -> {
        connection.channels().add(name);
        Answers answers = new Answers(clock, clientMsgId);
        if (channel.enter(connection, agent, answers)) {
          connection.send(answers.created(name, agent));
          audit.record(AuditEvent.createdChannel(connection, name));
        } else {
          // Another new channel took its room at once.
          connection.channels().remove(name);
          connection.refuse(
              ErrorCode.CHANNEL_NOT_FOUND, "Channel " + name + " not found", clientMsgId);
        }
      }
      case Channels.Creation.Exists() -> exists(connection, name, clientMsgId);
      case Channels.Creation.TooMany(int max, String whose) ->
          refuse(connection, "Too many channels (max " + max + " " + whose + ")", clientMsgId);
    }
  }

  private static void exists(Connection connection, String name, @Nullable String clientMsgId) {
    connection.refuse(ErrorCode.CHANNEL_EXISTS, "Channel " + name + " already exists", clientMsgId);
  }

  private static void refuse(Connection connection, String reason, @Nullable String clientMsgId) {
    connection.refuse(ErrorCode.RATE_LIMITED, reason, clientMsgId);
  }

  private void invite(
      Connection connection,
      Agent agent,
      String name,
      AgentId guest,
      @Nullable String clientMsgId) {
    Optional<Channel> channel = channels.find(name);
    if (channel.isEmpty()) {
      connection.refuse(ErrorCode.CHANNEL_NOT_FOUND, "Channel " + name + " not found", clientMsgId);
      return;
    }
    if (!channel.get().has(connection)) {
      connection.refuse(ErrorCode.NOT_INVITED, "Not a member of " + name, clientMsgId);
      return;
    }
    channel.get().invite(guest);
    directory
        .find(guest)
        .ifPresent(target ->
            target.send(
                new ServerMessage.Msg(
                    clock.millis(),
                    agent.id(),
                    agent.name(),
                    guest.toString(),
                    "You have been invited to " + name,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null)));
  }

  /// Does what is due.
  void everySecond(long now) {
    callbacks.fire(now);
    verifications.expire(now);
  }

  /// Does what may wait a little.
  void everyMinute(long now) {
    idlePrompts.look(now);
    channels.forgetEmpty(now);
    repeats.expire(now);
  }

  /// Drops what waits for a connection that is gone.
  void forget(Connection connection) {
    callbacks.forget(connection);
  }
}
