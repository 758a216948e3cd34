package org.agentchat.relay;

import java.util.List;
import org.agentchat.ledger.Tenure;
import org.agentchat.schemas.identity.AgentId;

/// By which names an agent goes and went. An account outlives its keys, so what an admin decides
/// about one of its names is about all of them: a ban is no reason to rotate a key, and a rotation
/// no reason to ask for another approval.
record AccountNames(LiveLedger ledger) {
  /// The names of every key that the agent's account has or had, oldest first, the one asked for
  /// among them; that one alone when the log does not know it. At most 65.
  List<AgentId> of(AgentId agent) {
    return ledger
        .read(known -> known.account(agent))
        .map(account -> account.keys().stream().map(Tenure::id).toList())
        .orElse(List.of(agent));
  }
}
