package org.agentchat.relay;

import java.time.Duration;
import java.util.Optional;
import org.agentchat.schemas.message.ClientMessage;
import org.agentchat.schemas.message.ServerMessage;
import org.jspecify.annotations.Nullable;

/// What stands between a proved key, or an agent without one, and the welcome, in the protocol's
/// order (section 4.2): the place of a connection that is there already, a captcha, the wait of new
/// identities. Runs on the connections' own threads.
final class Entrance {
  private static final Duration PLACE_LOOK = Duration.ofMillis(50);

  private final Directory directory;
  private final Handshake handshake;
  private final KeyGate keys;
  private final Takeovers takeovers;
  private final Captchas captchas;
  private final Lurk lurk;
  private final Chat chat;
  private final Recall recall;
  private final Departures departures;
  private final AuditLog audit;
  private final RelayClock clock;

  Entrance(
      Directory directory,
      Handshake handshake,
      KeyGate keys,
      Takeovers takeovers,
      Captchas captchas,
      Lurk lurk,
      Chat chat,
      Recall recall,
      Departures departures,
      AuditLog audit,
      RelayClock clock) {
    this.directory = directory;
    this.handshake = handshake;
    this.keys = keys;
    this.takeovers = takeovers;
    this.captchas = captchas;
    this.lurk = lurk;
    this.chat = chat;
    this.recall = recall;
    this.departures = departures;
    this.audit = audit;
    this.clock = clock;
  }

  /// Lets a proved or ephemeral agent in, or asks it something first; one that is online elsewhere
  /// is displaced.
  void admit(Session session, Agent agent) throws InterruptedException {
    Connection connection = session.connection();
    Optional<Connection> old = directory.find(agent.id()).filter(one -> !one.isClosed());
    // An agent that comes back a moment after it left takes nobody's place.
    if (old.isPresent()) {
      awaitPlace(agent, connection);
      if (connection.isClosed()) {
        return;
      }
      Optional<Connection> there = directory.find(agent.id());
      if (there.isPresent()) {
        takeovers.happened(agent.id(), clock.millis());
        displace(there.get(), connection);
      }
    }
    if (!captchas.ask(session, agent)) {
      welcome(session, agent, false);
    }
  }

  /// Waits until the place may be taken, or is free.
  private void awaitPlace(Agent agent, Connection connection) throws InterruptedException {
    Duration wait = takeovers.wait(agent.id(), clock.millis());
    long deadline = System.nanoTime() + wait.toNanos();
    while (System.nanoTime() < deadline
        && !connection.isClosed()
        && directory.find(agent.id()).filter(one -> !one.isClosed()).isPresent()) {
      connection.awaitGone(PLACE_LOOK);
    }
  }

  /// Handles CAPTCHA_RESPONSE.
  void answer(Session session, ClientMessage.CaptchaResponse response, @Nullable String clientMsgId)
      throws InterruptedException {
    switch (captchas.answer(session, response, clientMsgId)) {
      case Captchas.Outcome.Passed(Agent agent) -> welcome(session, agent, true);
      case Captchas.Outcome.Shadowed(String name) -> shadow(session, name);
      case Captchas.Outcome.Told _ -> {}
    }
  }

  private void welcome(Session session, Agent agent, boolean answered) throws InterruptedException {
    enter(session, agent, lurk.of(agent), answered);
  }

  private void shadow(Session session, String name) throws InterruptedException {
    enter(session, handshake.ephemeral(name), Optional.of(Lurk.Term.FOR_EVER), true);
  }

  private void enter(Session session, Agent proved, Optional<Lurk.Term> term, boolean answered)
      throws InterruptedException {
    Connection connection = session.connection();
    connection.identified(proved);
    session.lurks(term.orElse(null));
    directory.replace(proved.id(), connection).ifPresent(there -> displace(there, connection));
    // What an admin decided since the key was proved found nobody: it may have waited for a minute.
    if (handshake.isShutOut(connection, proved)) {
      // Nobody has heard that it came, so nobody hears that it goes.
      directory.remove(proved.id(), connection);
      return;
    }
    Agent agent = connection.change(handshake::judged).orElse(proved);
    audit.record(AuditEvent.identified(connection, agent));
    connection.send(handshake.welcome(agent, term, answered));
    recall.begin(session, agent);
    // The agent hears its own coming, as the others do.
    chat.autoJoin(connection, agent);
    chat.announcePresence(agent, "came online");
    // Its key may have ended after it was asked and before it could be found here.
    if (keys.refuses(connection, agent, null)) {
      connection.close(Connection.NORMAL, "Key ended");
    }
  }

  private void displace(Connection old, Connection by) {
    if (old == by) {
      return;
    }
    old.send(
        new ServerMessage.SessionDisplaced(
            clock.millis(), "Another connection verified this identity", by.address()));
    // Before it leaves: its own thread may still be on its way into what it leaves here, and looks
    // at this last.
    old.close(Connection.NORMAL, "Identity claimed by verified connection");
    departures.leave(old);
  }

  /// Why an agent that only listens may not say this.
  Optional<String> refusal(Session session, ClientMessage message) {
    return lurk.refusal(session.lurk(), message);
  }

  /// Cleans up after a connection that has ended.
  void leave(Session session) {
    captchas.forget(session);
    audit.record(AuditEvent.disconnected(session.connection()));
    departures.leave(session.connection());
  }
}
