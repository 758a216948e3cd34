package org.agentchat.relay;

import java.util.Optional;
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
final class Conversation {
  private static final Logger LOG = LoggerFactory.getLogger(Conversation.class);

  private final Directory directory;
  private final Handshake handshake;
  private final KeyGate keys;
  private final Takeovers takeovers;
  private final Chat chat;
  private final Marketplace marketplace;
  private final SkillSearch skills;
  private final RelayLimits limits;
  private final RelayClock clock;
  private final RelayMetrics metrics;

  Conversation(
      Directory directory,
      Handshake handshake,
      KeyGate keys,
      Takeovers takeovers,
      Chat chat,
      Marketplace marketplace,
      SkillSearch skills,
      RelayLimits limits,
      RelayClock clock,
      RelayMetrics metrics) {
    this.directory = directory;
    this.handshake = handshake;
    this.keys = keys;
    this.takeovers = takeovers;
    this.chat = chat;
    this.marketplace = marketplace;
    this.skills = skills;
    this.limits = limits;
    this.clock = clock;
    this.metrics = metrics;
  }

  /// Handles the connection's frames until it closes, then cleans up after it.
  void run(Connection connection) {
    Session session = new Session(connection, limits, clock.millis());
    try {
      while (!connection.isClosed()) {
        Optional<String> frame = connection.take();
        if (frame.isPresent()) {
          handle(session, frame.get());
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
        Optional<Agent> agent = handshake.identify(session, identify, id);
        if (agent.isPresent()) {
          admit(session, agent.get());
        }
      }
      case ClientMessage.VerifyIdentity answer -> {
        Optional<Agent> agent = handshake.verify(session, answer, id);
        if (agent.isPresent() && !keys.refuses(session.connection(), agent.get(), id)) {
          admit(session, agent.get());
        }
      }
      case ClientMessage.Ping _ ->
          session.connection().send(new ServerMessage.Pong(clock.millis(), id));
      case ClientMessage.ListChannels _ -> chat.listChannels(session, id);
      case ClientMessage.Join _,
          ClientMessage.Leave _,
          ClientMessage.ListAgents _,
          ClientMessage.Msg _,
          ClientMessage.SearchSkills _,
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
          chat.listAgents(session, list.channel(), id);
        }
      }
      case ClientMessage.SearchSkills search -> {
        if (mayAsk(session, id)) {
          skills.answer(session.connection(), search, id);
        }
      }
      case ClientMessage.Msg msg -> chat.message(session, agent, msg, id);
      case ClientMessage.State state -> marketplace.state(session.connection(), agent, state, id);
      case ClientMessage.Identify _,
          ClientMessage.VerifyIdentity _,
          ClientMessage.Ping _,
          ClientMessage.ListChannels _ ->
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
                  + " JOIN, LEAVE, LIST_AGENTS or SEARCH_SKILLS per second)",
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
    chat.announcePresence(agent, "came online");
    // Its key may have ended after it was asked and before it could be found here.
    if (keys.refuses(connection, agent, null)) {
      connection.close(Connection.NORMAL, "Key ended");
    }
  }

  private void displace(Connection old, Connection by) {
    old.send(
        new ServerMessage.SessionDisplaced(
            clock.millis(), "Another connection verified this identity", by.address()));
    old.close(Connection.NORMAL, "Identity claimed by verified connection");
    old.agent()
        .ifPresent(agent -> {
          chat.leaveAll(old, agent);
          chat.announcePresence(agent, "went offline");
        });
  }

  private void end(Session session) {
    Connection connection = session.connection();
    handshake.forget(session);
    connection
        .agent()
        .ifPresent(agent -> {
          chat.leaveAll(connection, agent);
          if (directory.remove(agent.id(), connection)) {
            chat.announcePresence(agent, "went offline");
          }
        });
  }
}
