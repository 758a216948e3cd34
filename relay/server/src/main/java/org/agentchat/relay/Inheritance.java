package org.agentchat.relay;

import java.util.Optional;
import org.agentchat.ledger.Applied;
import org.agentchat.ledger.Effect;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.message.AccessNotice;

/// What a key comes into when it takes another's place while its owner is here already, under a
/// name that nobody connected with the account until now: the account's ban, or its approval. Runs
/// on the tailer: it only queues frames, and leaves channels to the connection's own thread.
record Inheritance(Directory directory, Admittance admittance, AuditLog audit, RelayClock clock) {
  void follow(Applied applied) {
    for (Effect effect : applied.effects()) {
      if (effect instanceof Effect.KeyRotated(_, AgentKey next)) {
        directory
            .find(next.id())
            .ifPresent(online -> online.agent().ifPresent(agent -> inherit(online, agent)));
      }
    }
  }

  private void inherit(Connection connection, Agent agent) {
    Optional<Bans.Ban> ban = admittance.ban(agent, connection.network());
    if (ban.isPresent()) {
      audit.record(AuditEvent.banEnforced(connection, agent, ban.get()));
      connection.send(new AccessNotice.Banned(clock.millis(), ban.get().words()));
      connection.close(Connection.NORMAL, Moderation.BANNED);
    } else if (admittance.vouchesFor(agent)) {
      connection.change(known -> known.withVerified(true));
    }
  }
}
