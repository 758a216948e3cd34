package org.agentchat.relay;

import java.util.Optional;
import org.agentchat.schemas.message.AdminMessage;
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

  private final Handshake handshake;
  private final Entrance entrance;
  private final KeyGate keys;
  private final Moderation moderation;
  private final Chat chat;
  private final Recall recall;
  private final ChatDesk desk;
  private final Marketplace marketplace;
  private final SkillSearch skills;
  private final LargeTexts texts;
  private final RelayLimits limits;
  private final ChatRules rules;
  private final RelayClock clock;
  private final RelayMetrics metrics;

  Conversation(
      Handshake handshake,
      Entrance entrance,
      KeyGate keys,
      Moderation moderation,
      Chat chat,
      Recall recall,
      ChatDesk desk,
      Marketplace marketplace,
      SkillSearch skills,
      LargeTexts texts,
      RelaySettings settings,
      RelayClock clock,
      RelayMetrics metrics) {
    this.handshake = handshake;
    this.entrance = entrance;
    this.keys = keys;
    this.moderation = moderation;
    this.chat = chat;
    this.recall = recall;
    this.desk = desk;
    this.marketplace = marketplace;
    this.skills = skills;
    this.texts = texts;
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
      while (!connection.isOver()) {
        Optional<Frame> frame = connection.take();
        if (frame.isPresent()) {
          handle(session, frame.get());
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (Throwable e) {
      // The top of the thread: after an error, too, nobody must talk to a socket without a thread.
      LOG.error("a bug ends the connection of {}", connection, e);
      connection.close(Connection.INTERNAL_ERROR, "Internal error");
    } finally {
      connection.stopTaking();
      end(session);
    }
  }

  private void handle(Session session, Frame frame) throws InterruptedException {
    try {
      admit(session, frame);
    } finally {
      frame.handled().run();
    }
  }

  private void admit(Session session, Frame frame) throws InterruptedException {
    Connection connection = session.connection();
    boolean known = connection.agent().isPresent();
    if (!session
        .flood()
        .admit(clock.millis(), known ? limits.flood().agents() : limits.flood().strangers())) {
      String reason = "Rate limit exceeded";
      connection.refuse(ErrorCode.RATE_LIMITED, reason, null);
      connection.close(Connection.POLICY, reason);
      return;
    }
    switch (texts.work(frame.size(), () -> ClientMessageCodec.decode(frame.text()))) {
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
          entrance.admit(session, agent.get());
        }
      }
      case ClientMessage.VerifyIdentity answer -> {
        Optional<Agent> agent = handshake.verify(session, answer, id);
        if (agent.isPresent() && !keys.refuses(session.connection(), agent.get(), id)) {
          entrance.admit(session, agent.get());
        }
      }
      case ClientMessage.CaptchaResponse response -> entrance.answer(session, response, id);
      case AdminMessage admin -> moderation.handle(session.connection(), admin, id);
      case ClientMessage.Ping _ ->
          session.connection().send(new ServerMessage.Pong(clock.millis(), id));
      case ClientMessage.ListChannels _ -> chat.listChannels(session, id);
      case ChatMessage around -> {
        if (mayDo(session, around, id)) {
          desk.handle(session, around, id);
        }
      }
      case ClientMessage.Join _,
          ClientMessage.Leave _,
          ClientMessage.ListAgents _,
          ClientMessage.Msg _,
          ClientMessage.Resume _,
          ClientMessage.SearchSkills _,
          ClientMessage.State _ -> {
        Optional<Agent> agent = session.connection().agent();
        if (agent.isEmpty()) {
          session.connection().refuse(ErrorCode.AUTH_REQUIRED, "Must IDENTIFY first", id);
        } else if (mayDo(session, message, id)) {
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
      case ClientMessage.SearchSkills search -> {
        if (mayAsk(session, id)) {
          skills.answer(session.connection(), search, id);
        }
      }
      case ClientMessage.Msg msg -> chat.message(session, agent, msg, id);
      case ClientMessage.Resume resume -> {
        if (mayAsk(session, id)) {
          recall.resume(session.connection(), agent, resume, id);
        }
      }
      case ClientMessage.State state -> marketplace.state(session.connection(), agent, state, id);
      case ClientMessage.Identify _,
          ClientMessage.VerifyIdentity _,
          ClientMessage.CaptchaResponse _,
          AdminMessage _,
          ClientMessage.Ping _,
          ClientMessage.ListChannels _,
          ChatMessage _ ->
          throw new IllegalStateException("handled before identification: " + message);
    }
  }

  private boolean mayDo(Session session, ClientMessage message, @Nullable String id) {
    Optional<String> refusal = entrance.refusal(session, message);
    refusal.ifPresent(words -> session.connection().refuse(ErrorCode.LURK_MODE, words, id));
    return refusal.isEmpty();
  }

  private boolean mayAsk(Session session, @Nullable String id) {
    boolean may = session.requests().take(clock.millis());
    if (!may) {
      session
          .connection()
          .refuse(
              ErrorCode.RATE_LIMITED,
              "Rate limit exceeded (max "
                  + Math.round(limits.requests().perSecond())
                  + " JOIN, LEAVE, LIST_AGENTS or SEARCH_SKILLS per second)",
              id);
    }
    return may;
  }

  private void end(Session session) {
    handshake.forget(session);
    desk.forget(session.connection());
    entrance.leave(session);
  }
}
