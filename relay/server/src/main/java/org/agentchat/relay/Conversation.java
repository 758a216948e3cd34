package org.agentchat.relay;

import java.util.Optional;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.message.ChatMessage;
import org.agentchat.schemas.message.ClientFrame;
import org.agentchat.schemas.message.ClientMessage;
import org.agentchat.schemas.message.ClientMessageCodec;
import org.agentchat.schemas.message.ErrorCode;
import org.agentchat.schemas.message.ServerMessage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a connection's virtual thread does: takes one frame after another, in the order of the
/// protocol's checks (section 1), and hands each to who knows. No frame makes it throw.
final class Conversation implements Application {
  private static final Logger LOG = LoggerFactory.getLogger(Conversation.class);

  private final Directory directory;
  private final Handshake handshake;
  private final Takeovers takeovers;
  private final Chat chat;
  private final Backlog backlog;
  private final Positions positions;
  private final ChatDesk desk;
  private final Marketplace marketplace;
  private final RelayLimits limits;
  private final ChatRules rules;
  private final RelayClock clock;
  private final RelayMetrics metrics;

  Conversation(
      Directory directory,
      Handshake handshake,
      Takeovers takeovers,
      Chat chat,
      Backlog backlog,
      Positions positions,
      ChatDesk desk,
      Marketplace marketplace,
      RelaySettings settings,
      RelayClock clock,
      RelayMetrics metrics) {
    this.directory = directory;
    this.handshake = handshake;
    this.takeovers = takeovers;
    this.chat = chat;
    this.backlog = backlog;
    this.positions = positions;
    this.desk = desk;
    this.marketplace = marketplace;
    this.limits = settings.limits();
    this.rules = settings.chat();
    this.clock = clock;
    this.metrics = metrics;
  }

  /// Handles the connection's frames until it closes, then cleans up after it.
  @Override
  public void run(Connection connection) {
    Session session = new Session(connection, limits, rules, clock.millis());
    try {
      while (!connection.isClosed()) {
        Optional<Frame> frame = connection.take();
        if (frame.isPresent()) {
          handle(session, frame.get().text());
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.error("a bug ends the connection of {}", connection, e);
      connection.close(Connection.INTERNAL_ERROR, "Internal error");
    } finally {
      end(session);
    }
  }

  private void handle(Session session, String frame) throws InterruptedException {
    Connection connection = session.connection();
    boolean known = connection.agent().isPresent();
    if (!session
        .flood()
        .admit(clock.millis(), known ? limits.frames() : limits.framesBeforeIdentity())) {
      String reason = "Rate limit exceeded";
      connection.refuse(ErrorCode.RATE_LIMITED, reason, null);
      connection.close(Connection.POLICY, reason);
      return;
    }
    switch (ClientMessageCodec.decode(frame)) {
      case ClientFrame.Invalid(String complaint, String id) -> {
        metrics.invalid();
        connection.refuse(ErrorCode.INVALID_MSG, complaint, id);
      }
      case ClientFrame.Accepted(ClientMessage message, String id) -> {
        metrics.received(message);
        handle(session, message, id);
      }
    }
  }

  private void handle(Session session, ClientMessage message, @Nullable String id)
      throws InterruptedException {
    switch (message) {
      case ClientMessage.Identify identify -> {
        session.since(identify.since());
        Optional<Agent> agent = handshake.identify(session, identify, id);
        if (agent.isPresent()) {
          admit(session, agent.get());
        }
      }
      case ClientMessage.VerifyIdentity answer -> {
        Optional<Agent> agent = handshake.verify(session, answer, id);
        if (agent.isPresent()) {
          admit(session, agent.get());
        }
      }
      case ClientMessage.Ping _ ->
          session.connection().send(new ServerMessage.Pong(clock.millis(), id));
      case ClientMessage.ListChannels _ -> chat.listChannels(session, id);
      case ChatMessage around -> desk.handle(session, around, id);
      case ClientMessage.Join _,
          ClientMessage.Leave _,
          ClientMessage.ListAgents _,
          ClientMessage.Msg _,
          ClientMessage.Resume _,
          ClientMessage.State _ -> {
        Optional<Agent> agent = session.connection().agent();
        if (agent.isEmpty()) {
          session.connection().refuse(ErrorCode.AUTH_REQUIRED, "Must IDENTIFY first", id);
        } else {
          handle(session, agent.get(), message, id);
        }
      }
    }
  }

  private void handle(Session session, Agent agent, ClientMessage message, @Nullable String id)
      throws InterruptedException {
    switch (message) {
      case ClientMessage.Join join -> {
        if (mayAsk(session, id)) {
          chat.join(session, agent, join.channel(), id);
        }
      }
      case ClientMessage.Leave leave -> {
        if (mayAsk(session, id)) {
          chat.leave(session, agent, leave.channel(), id);
        }
      }
      case ClientMessage.ListAgents list -> {
        if (mayAsk(session, id)) {
          chat.listAgents(session, agent, list.channel(), id);
        }
      }
      case ClientMessage.Msg msg -> chat.message(session, agent, msg, id);
      case ClientMessage.Resume resume -> resume(session, agent, resume, id);
      case ClientMessage.State state -> marketplace.state(session.connection(), agent, state, id);
      case ClientMessage.Identify _,
          ClientMessage.VerifyIdentity _,
          ClientMessage.Ping _,
          ClientMessage.ListChannels _,
          ChatMessage _ ->
          throw new IllegalStateException("handled before identification: " + message);
    }
  }

  private boolean mayAsk(Session session, @Nullable String id) {
    boolean may = session.requests().take(clock.millis());
    if (!may) {
      session
          .connection()
          .refuse(
              ErrorCode.RATE_LIMITED,
              "Rate limit exceeded (max "
                  + Math.round(limits.requestsPerSecond())
                  + " JOIN, LEAVE or LIST_AGENTS per second)",
              id);
    }
    return may;
  }

  /// Lets a proved or ephemeral agent in; one that is online elsewhere is displaced.
  private void admit(Session session, Agent agent) throws InterruptedException {
    Connection connection = session.connection();
    // An agent that comes back a moment after it left takes nobody's place.
    if (directory.find(agent.id()).filter(old -> !old.isClosed()).isPresent()) {
      connection.awaitGone(takeovers.next(agent.id(), clock.millis()));
      if (connection.isClosed()) {
        return;
      }
    }
    connection.identified(agent);
    directory.replace(agent.id(), connection).ifPresent(old -> displace(old, connection));
    connection.send(handshake.welcome(agent));
    if (agent.key() != null) {
      tellWhatWasMissed(session, agent.id());
    }
    // The agent hears its own coming, as the others do.
    chat.autoJoin(connection, agent);
    chat.announcePresence(agent, "came online");
  }

  /// Before anything new: from here on the agent hears the log.
  private void tellWhatWasMissed(Session session, AgentId agent) throws InterruptedException {
    Long wanted = session.since();
    long since = wanted == null ? positions.of(agent) : wanted;
    // Who skips something is told it again the next time.
    session.connection().countAsHeard(since <= positions.of(agent));
    Backlog.Sent sent = backlog.attach(agent, session.connection(), since);
    if (wanted != null) {
      session.connection().send(resumed(since, sent, null));
    }
  }

  private void stopTelling(Agent agent, Connection connection) {
    backlog.detach(agent.id(), connection);
    positions.heard(agent.id(), connection.heardUpTo());
  }

  private void resume(
      Session session, Agent agent, ClientMessage.Resume resume, @Nullable String id)
      throws InterruptedException {
    Connection connection = session.connection();
    if (agent.key() == null) {
      connection.refuse(ErrorCode.SIGNATURE_REQUIRED, "Resuming requires persistent identity", id);
    } else if (mayAsk(session, id)) {
      Backlog.Sent sent = backlog.resume(agent.id(), connection, resume.since());
      connection.send(resumed(resume.since(), sent, id));
    }
  }

  private ServerMessage resumed(long since, Backlog.Sent sent, @Nullable String id) {
    return new ServerMessage.Resumed(clock.millis(), since, sent.upTo(), sent.complete(), id);
  }

  private void displace(Connection old, Connection by) {
    old.send(
        new ServerMessage.SessionDisplaced(
            clock.millis(), "Another connection verified this identity", by.address()));
    old.close(Connection.NORMAL, "Identity claimed by verified connection");
    old.agent()
        .ifPresent(agent -> {
          stopTelling(agent, old);
          chat.leaveAll(old, agent);
          chat.announcePresence(agent, "went offline");
        });
  }

  private void end(Session session) {
    Connection connection = session.connection();
    handshake.forget(session);
    desk.forget(connection);
    connection
        .agent()
        .ifPresent(agent -> {
          stopTelling(agent, connection);
          chat.leaveAll(connection, agent);
          if (directory.remove(agent.id(), connection)) {
            chat.announcePresence(agent, "went offline");
          }
        });
  }
}
