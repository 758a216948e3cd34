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
  private final Callbacks callbacks;
  private final Repeats repeats;
  private final LargeTexts texts;
  private final AgeGate gate;
  private final AuditLog audit;
  private final SecureRandom random = new SecureRandom();

  Chat(
      Directory directory,
      Channels channels,
      RelaySettings settings,
      RelayClock clock,
      Ed25519Verifier verifier,
      Callbacks callbacks,
      Repeats repeats,
      LargeTexts texts,
      AgeGate gate,
      AuditLog audit) {
    this.directory = directory;
    this.channels = channels;
    this.settings = settings;
    this.clock = clock;
    this.verifier = verifier;
    this.callbacks = callbacks;
    this.repeats = repeats;
    this.texts = texts;
    this.gate = gate;
    this.audit = audit;
  }

  /// A message on its way.
  ///
  /// @param asked as the client sent it
  /// @param cut its content without secrets and callbacks
  private record Said(
      Agent agent, ClientMessage.Msg asked, Callbacks.Cut cut, @Nullable String clientMsgId) {}

  void join(Session session, Agent agent, String name, @Nullable String clientMsgId) {
    Connection connection = session.connection();
    Optional<Channel> found = channels.find(name);
    if (found.isEmpty()) {
      notFound(connection, name, clientMsgId);
      return;
    }
    Channel channel = found.get();
    if (!channel.isOpenTo(agent.id())) {
      inviteOnly(connection, name, clientMsgId);
      return;
    }
    if (channel.isVerifiedOnly() && !agent.verified()) {
      verifiedOnly(connection, name, clientMsgId);
      return;
    }
    if (isFull(connection, channel)) {
      connection.refuse(ErrorCode.RATE_LIMITED, "Channel " + name + " is full", clientMsgId);
      return;
    }
    connection.channels().add(name);
    if (channel.join(connection, agent, new Answers(clock, clientMsgId))) {
      audit.record(AuditEvent.joined(connection, name));
      return;
    }
    // One that was in before is taken out by whoever has decided that, and finds it by the name.
    if (!channel.has(connection)) {
      connection.channels().remove(name);
    }
    if (channel.isVerifiedOnly() && connection.agent().filter(Agent::verified).isEmpty()) {
      // What was granted when it asked was taken back meanwhile.
      verifiedOnly(connection, name, clientMsgId);
    } else {
      notFound(connection, name, clientMsgId);
    }
  }

  /// Lets an agent that has just come into every channel that is open to it, without history, if
  /// the relay is so.
  void autoJoin(Connection connection, Agent agent) {
    if (!settings.chat().channels().autoJoin()) {
      return;
    }
    for (Channel channel : channels.all()) {
      boolean open =
          !channel.kind().inviteOnly() && (!channel.isVerifiedOnly() || agent.verified());
      if (open && !isFull(connection, channel)) {
        connection.channels().add(channel.name());
        if (!channel.enter(connection, agent, new Answers(clock, null))) {
          connection.channels().remove(channel.name());
        }
      }
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
      // Existing servers say nothing, and existing clients would take an ERROR for another answer.
      if (clientMsgId != null) {
        notFound(connection, name, clientMsgId);
      }
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

  void listAgents(Session session, Agent asker, String name, @Nullable String clientMsgId) {
    Optional<Channel> channel = channels.find(name);
    if (channel.isEmpty()) {
      notFound(session.connection(), name, clientMsgId);
      return;
    }
    if (!channel.get().isOpenTo(asker.id())) {
      inviteOnly(session.connection(), name, clientMsgId);
      return;
    }
    List<ServerMessage.Presence> list =
        channel.get().members().stream().flatMap(member -> presence(member).stream()).toList();
    session.connection().send(new ServerMessage.Agents(clock.millis(), name, list, clientMsgId));
  }

  private static Optional<ServerMessage.Presence> presence(Connection member) {
    Presence presence = member.presence();
    return member
        .agent()
        .map(agent ->
            new ServerMessage.Presence(
                agent.id(), agent.name(), presence.status(), presence.text(), agent.verified()));
  }

  void listChannels(Session session, @Nullable String clientMsgId) {
    session
        .connection()
        .send(new ServerMessage.Channels(clock.millis(), channels.list(), clientMsgId));
  }

  void message(
      Session session, Agent agent, ClientMessage.Msg message, @Nullable String clientMsgId)
      throws InterruptedException {
    Connection connection = session.connection();
    boolean direct = message.to().startsWith("@");
    if (direct && !settings.chat().direct().allowed()) {
      connection.refuse(
          ErrorCode.INVALID_MSG,
          "Direct messages are disabled. Use a channel instead.",
          clientMsgId);
      return;
    }
    int tokens = tokens(message.content());
    if (!session.messages().take(clock.millis(), tokens)) {
      connection.refuse(
          ErrorCode.RATE_LIMITED, "Rate limit exceeded (max 1 message per second)", clientMsgId);
      return;
    }
    boolean out =
        texts.work(message.content().length(), () -> pass(connection, agent, message, clientMsgId));
    if (!out && tokens == 1) {
      // What is refused, or was said before, costs nothing; a large one has cost its work.
      session.messages().giveBack();
    }
  }

  /// Before anything is done with a message: looking into 2 MiB costs a third of a second.
  private static int tokens(String content) {
    int bytes = content.getBytes(StandardCharsets.UTF_8).length;
    return Math.max(1, Math.ceilDiv(bytes, BYTES_PER_TOKEN));
  }

  /// Passes a message on; false when it was refused, or was passed on before.
  private boolean pass(
      Connection connection, Agent agent, ClientMessage.Msg message, @Nullable String clientMsgId) {
    Optional<String> secret =
        message.signature() == null
            ? Optional.empty()
            : Secrets.refusal("content", message.content());
    if (secret.isPresent()) {
      connection.refuse(ErrorCode.INVALID_MSG, secret.get(), clientMsgId);
      return false;
    }
    if (isForged(agent, message)) {
      connection.refuse(ErrorCode.VERIFICATION_FAILED, "Invalid signature", clientMsgId);
      return false;
    }
    String clean = Secrets.redact(message.content());
    if (!clean.equals(message.content())) {
      audit.record(AuditEvent.redacted(connection));
    }
    Callbacks.Cut cut = callbacks.cut(clean);
    Optional<ServerMessage.Msg> again = repeats.find(agent.id(), message, cut.rest(), clientMsgId);
    if (again.isPresent()) {
      connection.send(again.get());
      return false;
    }
    return route(connection, new Said(agent, message, cut, clientMsgId));
  }

  private boolean route(Connection connection, Said said) {
    if (said.cut().isSilent()) {
      toNobody(connection, said);
      return true;
    }
    return said.asked().to().startsWith("@")
        ? toAgent(connection, said)
        : toChannel(connection, said);
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

  private boolean toChannel(Connection connection, Said said) {
    String name = said.asked().to();
    Optional<Channel> channel = channels.find(name);
    if (channel.isEmpty()) {
      notFound(connection, name, said.clientMsgId());
      return false;
    }
    ServerMessage.Msg out = out(said, name);
    // An admin may take the agent out meanwhile, so the channel itself looks.
    if (!channel.get().has(connection)
        || !channel.get().post(out, connection, OutgoingFrame.of(echo(out, said)))) {
      connection.refuse(ErrorCode.NOT_INVITED, "Not a member of " + name, said.clientMsgId());
      return false;
    }
    note(connection, said, out);
    channel.get().floor().release(connection);
    audit.record(AuditEvent.said(connection, name, out.msgId(), out.content().length()));
    return true;
  }

  private boolean toAgent(Connection connection, Said said) {
    String to = said.asked().to();
    Optional<Connection> target = AgentId.parse(to).flatMap(directory::findByIdOrName);
    Optional<Agent> recipient = target.flatMap(Connection::agent);
    if (target.isEmpty() || recipient.isEmpty()) {
      connection.refuse(
          ErrorCode.AGENT_NOT_FOUND, "Agent " + to + " not found", said.clientMsgId());
      return false;
    }
    if (gate.refuses(connection, said.clientMsgId())) {
      return false;
    }
    ServerMessage.Msg out = out(said, recipient.get().id().toString());
    note(connection, said, out);
    target.get().send(out);
    connection.send(echo(out, said));
    audit.record(
        AuditEvent.saidTo(connection, recipient.get().id(), out.msgId(), out.content().length()));
    return true;
  }

  /// A message of callbacks only. Who named it is answered; nobody else hears of it.
  private void toNobody(Connection connection, Said said) {
    ServerMessage.Msg out = out(said, said.asked().to());
    note(connection, said, out);
    if (said.clientMsgId() != null) {
      connection.send(echo(out, said));
    }
  }

  /// Keeps what a message leaves behind: its callbacks, and its name.
  private void note(Connection connection, Said said, ServerMessage.Msg out) {
    callbacks.schedule(connection, said.agent(), said.cut().asked());
    repeats.add(said.agent().id(), said.asked(), out, said.clientMsgId());
  }

  /// The message as others get it. A content without its callbacks is not what was signed.
  private ServerMessage.Msg out(Said said, String to) {
    long now = clock.millis();
    ClientMessage.Msg asked = said.asked();
    boolean whole = said.cut().rest().equals(asked.content());
    return new ServerMessage.Msg(
        now,
        said.agent().id(),
        said.agent().name(),
        to,
        said.cut().rest(),
        now + "-" + Long.toString(MSG_ID_LOW + random.nextInt(Integer.MAX_VALUE), 36),
        said.agent().verified(),
        whole ? asked.signature() : null,
        whole ? asked.ts() : null,
        asked.inReplyTo(),
        null,
        null);
  }

  private static ServerMessage.Msg echo(ServerMessage.Msg out, Said said) {
    String clientMsgId = said.clientMsgId();
    return clientMsgId == null ? out : named(out, clientMsgId);
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
    for (Channel channel : channels.of(connection)) {
      if (channel.leave(connection, agent)) {
        channel.broadcast(
            new ServerMessage.AgentLeft(clock.millis(), channel.name(), agent.id(), null));
      }
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

  private static void inviteOnly(
      Connection connection, String channel, @Nullable String clientMsgId) {
    connection.refuse(ErrorCode.NOT_INVITED, "Channel " + channel + " is invite-only", clientMsgId);
  }

  private static void verifiedOnly(
      Connection connection, String channel, @Nullable String clientMsgId) {
    connection.refuse(
        ErrorCode.AUTH_REQUIRED, "Channel " + channel + " requires verified identity", clientMsgId);
  }

  private static void notFound(
      Connection connection, String channel, @Nullable String clientMsgId) {
    connection.refuse(
        ErrorCode.CHANNEL_NOT_FOUND, "Channel " + channel + " not found", clientMsgId);
  }
}
