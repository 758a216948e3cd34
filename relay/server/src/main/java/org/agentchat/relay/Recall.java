package org.agentchat.relay;

import org.agentchat.ledger.Applied;
import org.agentchat.ledger.Effect;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.message.ClientMessage;
import org.agentchat.schemas.message.ErrorCode;
import org.agentchat.schemas.message.ServerMessage;
import org.jspecify.annotations.Nullable;

/// Tells agents that come back what the log said meanwhile, and remembers how far each has heard.
/// Runs on the connections' own threads.
final class Recall {
  private final Backlog backlog;
  private final Positions positions;
  private final RelayClock clock;

  Recall(Backlog backlog, Positions positions, RelayClock clock) {
    this.backlog = backlog;
    this.positions = positions;
    this.clock = clock;
  }

  /// Before anything new: from here on the agent hears the log. Ephemeral agents have no part in
  /// it.
  void begin(Session session, Agent agent) throws InterruptedException {
    if (agent.key() == null) {
      return;
    }
    AgentId id = agent.id();
    Connection connection = session.connection();
    Long wanted = session.since();
    long since = wanted == null ? positions.of(id) : wanted;
    // Who skips something is told it again the next time.
    connection.countAsHeard(since <= positions.of(id));
    Backlog.Sent sent = backlog.attach(id, connection, since);
    if (wanted != null) {
      connection.send(resumed(since, sent, null));
    }
  }

  /// Handles RESUME.
  void resume(
      Connection connection, Agent agent, ClientMessage.Resume resume, @Nullable String clientMsgId)
      throws InterruptedException {
    if (agent.key() == null) {
      connection.refuse(
          ErrorCode.SIGNATURE_REQUIRED, "Resuming requires persistent identity", clientMsgId);
      return;
    }
    Backlog.Sent sent = backlog.resume(agent.id(), connection, resume.since());
    connection.send(resumed(resume.since(), sent, clientMsgId));
  }

  private ServerMessage resumed(long since, Backlog.Sent sent, @Nullable String clientMsgId) {
    return new ServerMessage.Resumed(
        clock.millis(), since, sent.upTo(), sent.complete(), clientMsgId);
  }

  /// A new key has heard what the old one heard.
  void follow(Applied applied) {
    for (Effect effect : applied.effects()) {
      if (effect instanceof Effect.KeyRotated(AgentKey old, AgentKey next)) {
        positions.succeed(old.id(), next.id());
      }
    }
  }

  /// The connection ends, or another has the agent's place.
  void end(Connection connection, Agent agent) {
    backlog.detach(agent.id(), connection);
    positions.heard(agent.id(), connection.heardUpTo());
  }
}
