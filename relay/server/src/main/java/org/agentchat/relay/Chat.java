package org.agentchat.relay;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.identity.Ed25519Verifier;
import org.agentchat.schemas.identity.Signature;
import org.agentchat.schemas.message.ClientMessage;
import org.agentchat.schemas.message.ErrorCode;
import org.agentchat.schemas.message.MessageSignature;
import org.agentchat.schemas.message.ServerMessage;
import org.agentchat.schemas.message.ServerMessageCodec;
import org.jspecify.annotations.Nullable;

/// Channels and chat (protocol.md section 8). Nothing said here is kept beyond a channel's short
/// history. Runs on the connections' own threads.
final class Chat {
  /// The smallest number with six digits in base 36.
  private static final long MSG_ID_LOW = 60_466_176;

  /// As many bytes of content cost one token: a message of 2 MiB takes a whole burst.
  private static final int BYTES_PER_TOKEN = 16 * 1024;

  private final Directory directory;
  private final Channels channels;
  private final RelaySettings settings;
  private final RelayClock clock;
  private final Ed25519Verifier verifier;
  private final AuditLog audit;
  private final SecureRandom random = new SecureRandom();

  Chat(
      Directory directory,
      Channels channels,
      RelaySettings settings,
      RelayClock clock,
      Ed25519Verifier verifier,
      AuditLog audit) {
    this.directory = directory;
    this.channels = channels;
    this.settings = settings;
    this.clock = clock;
    this.verifier = verifier;
    this.audit = audit;
  }

  void join(Session session, Agent agent, String name, @Nullable String clientMsgId) {
    Connection connection = session.connection();
    Optional<Channel> found = channels.find(name);
    if (found.isEmpty()) {
      notFound(connection, name, clientMsgId);
      return;
    }
    Channel channel = found.get();
    if (channel.isVerifiedOnly() && !agent.verified()) {
      connection.refuse(
          ErrorCode.AUTH_REQUIRED, "Channel " + name + " requires verified identity", clientMsgId);
      return;
    }
    if (isFull(connection, channel)) {
      connection.refuse(ErrorCode.RATE_LIMITED, "Channel " + name + " is full", clientMsgId);
      return;
    }
    connection.channels().add(name);
    if (channel.join(connection, agent, new Answers(clock, clientMsgId))) {
      audit.record(AuditEvent.joined(connection, name));
    }
  }

  private boolean isFull(Connection connection, Channel channel) {
    RelayLimits limits = settings.limits();
    return !channel.has(connection)
        && (channel.size() >= limits.membership().perChannel()
            || connection.channels().size() >= limits.membership().perAgent());
  }

  void leave(Session session, Agent agent, String name, @Nullable String clientMsgId) {
    Connection connection = session.connection();
    Optional<Channel> channel = channels.find(name);
    if (channel.isEmpty()) {
      notFound(connection, name, clientMsgId);
      return;
    }
    connection.channels().remove(name);
    if (channel.get().leave(connection, agent)) {
      channel
          .get()
          .broadcast(new ServerMessage.AgentLeft(clock.millis(), name, agent.id(), agent.name()));
      audit.record(AuditEvent.left(connection, name));
    }
    connection.send(new ServerMessage.Left(clock.millis(), name, clientMsgId));
  }

  void listAgents(Session session, String name, @Nullable String clientMsgId) {
    Optional<Channel> channel = channels.find(name);
    if (channel.isEmpty()) {
      notFound(session.connection(), name, clientMsgId);
      return;
    }
    List<ServerMessage.Presence> list =
        channel.get().agents().stream()
            .map(agent ->
                new ServerMessage.Presence(
                    agent.id(), agent.name(), "online", null, agent.verified()))
            .toList();
    session.connection().send(new ServerMessage.Agents(clock.millis(), name, list, clientMsgId));
  }

  void listChannels(Session session, @Nullable String clientMsgId) {
    session
        .connection()
        .send(new ServerMessage.Channels(clock.millis(), channels.list(), clientMsgId));
  }

  void message(
      Session session, Agent agent, ClientMessage.Msg message, @Nullable String clientMsgId) {
    Connection connection = session.connection();
    if (isForged(agent, message)) {
      connection.refuse(ErrorCode.VERIFICATION_FAILED, "Invalid signature", clientMsgId);
      return;
    }
    if (message.to().startsWith("#")) {
      toChannel(session, agent, message, clientMsgId);
    } else {
      toAgent(session, agent, message, clientMsgId);
    }
  }

  /// Whether a message may go out now. Asked last, so that a refused message costs nothing.
  private boolean isTooSoon(
      Session session, ClientMessage.Msg message, @Nullable String clientMsgId) {
    int bytes = message.content().getBytes(StandardCharsets.UTF_8).length;
    int tokens = Math.max(1, Math.ceilDiv(bytes, BYTES_PER_TOKEN));
    if (session.messages().take(clock.millis(), tokens)) {
      return false;
    }
    session
        .connection()
        .refuse(
            ErrorCode.RATE_LIMITED, "Rate limit exceeded (max 1 message per second)", clientMsgId);
    return true;
  }

  /// A signature that cannot be checked, for want of a key or of its time, is passed on unjudged.
  private boolean isForged(Agent agent, ClientMessage.Msg message) {
    AgentKey key = agent.key();
    if (key == null || message.signature() == null || message.ts() == null) {
      return false;
    }
    byte[] signed = MessageSignature.bytes(message.to(), message.content(), message.ts());
    return Signature.parseLenient(message.signature())
        .filter(signature -> verifier.verify(key, signed, signature))
        .isEmpty();
  }

  private void toChannel(
      Session session, Agent agent, ClientMessage.Msg message, @Nullable String clientMsgId) {
    Connection connection = session.connection();
    Optional<Channel> channel = channels.find(message.to());
    if (channel.isEmpty()) {
      notFound(connection, message.to(), clientMsgId);
      return;
    }
    if (!channel.get().has(connection)) {
      connection.refuse(ErrorCode.NOT_INVITED, "Not a member of " + message.to(), clientMsgId);
      return;
    }
    if (isTooSoon(session, message, clientMsgId)) {
      return;
    }
    ServerMessage.Msg out = out(agent, message.to(), message);
    byte[] echo = encode(clientMsgId == null ? out : named(out, clientMsgId));
    channel.get().post(out, connection, echo);
    audit.record(
        AuditEvent.said(connection, message.to(), out.msgId(), message.content().length()));
  }

  private void toAgent(
      Session session, Agent agent, ClientMessage.Msg message, @Nullable String clientMsgId) {
    Connection connection = session.connection();
    Optional<Connection> target = AgentId.parse(message.to()).flatMap(directory::findByIdOrName);
    Optional<Agent> recipient = target.flatMap(Connection::agent);
    if (target.isEmpty() || recipient.isEmpty()) {
      connection.refuse(
          ErrorCode.AGENT_NOT_FOUND, "Agent " + message.to() + " not found", clientMsgId);
      return;
    }
    if (isTooSoon(session, message, clientMsgId)) {
      return;
    }
    ServerMessage.Msg out = out(agent, recipient.get().id().toString(), message);
    target.get().send(out);
    connection.send(clientMsgId == null ? out : named(out, clientMsgId));
    audit.record(
        AuditEvent.saidTo(
            connection, recipient.get().id(), out.msgId(), message.content().length()));
  }

  private ServerMessage.Msg out(Agent agent, String to, ClientMessage.Msg message) {
    long now = clock.millis();
    return new ServerMessage.Msg(
        now,
        agent.id(),
        agent.name(),
        to,
        message.content(),
        now + "-" + Long.toString(MSG_ID_LOW + random.nextInt(Integer.MAX_VALUE), 36),
        agent.verified(),
        message.signature(),
        message.ts(),
        message.inReplyTo(),
        null,
        null);
  }

  private static ServerMessage.Msg named(ServerMessage.Msg m, String clientMsgId) {
    return new ServerMessage.Msg(
        m.ts(),
        m.from(),
        m.fromName(),
        m.to(),
        m.content(),
        m.msgId(),
        m.verified(),
        m.sig(),
        m.sigTs(),
        m.inReplyTo(),
        m.replay(),
        clientMsgId);
  }

  /// Takes a connection out of every channel that it is in.
  void leaveAll(Connection connection, Agent agent) {
    for (String name : List.copyOf(connection.channels())) {
      channels
          .find(name)
          .filter(channel -> channel.leave(connection, agent))
          .ifPresent(channel ->
              channel.broadcast(
                  new ServerMessage.AgentLeft(clock.millis(), name, agent.id(), null)));
    }
    connection.channels().clear();
  }

  /// Takes an agent that is verified no more out of the channels for those who are.
  void leaveVerified(Connection connection, Agent agent) {
    for (String name : List.copyOf(connection.channels())) {
      Optional<Channel> channel = channels.find(name).filter(Channel::isVerifiedOnly);
      if (channel.filter(left -> left.leave(connection, agent)).isPresent()) {
        connection.channels().remove(name);
        channel
            .get()
            .broadcast(new ServerMessage.AgentLeft(clock.millis(), name, agent.id(), agent.name()));
        connection.send(new ServerMessage.Left(clock.millis(), name, null));
      }
    }
  }

  /// Tells #general that an agent came or went.
  void announcePresence(Agent agent, String what) {
    Answers answers = new Answers(clock, null);
    channels.announce("#general", answers.serverMessage("#general", agent.name() + " " + what));
  }

  private static void notFound(
      Connection connection, String channel, @Nullable String clientMsgId) {
    connection.refuse(
        ErrorCode.CHANNEL_NOT_FOUND, "Channel " + channel + " not found", clientMsgId);
  }

  private static byte[] encode(ServerMessage message) {
    return ServerMessageCodec.encode(message).getBytes(StandardCharsets.UTF_8);
  }
}
