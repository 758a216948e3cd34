package org.agentchat.relay;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.agentchat.schemas.identity.AgentId;

/// Which name an agent goes by now that was known under another when it signed. Written by the
/// tailer, in the order of the log; thread-safe.
final class Successors {
  private final Map<AgentId, AgentId> next = new ConcurrentHashMap<>();

  void add(AgentId old, AgentId later) {
    next.put(old, later);
  }

  /// The name of the agent's present key, or of its last.
  AgentId current(AgentId agent) {
    AgentId current = agent;
    // No key follows itself, so this ends after as many steps as an account has keys.
    for (AgentId later = next.get(current); later != null; later = next.get(current)) {
      current = later;
    }
    return current;
  }
}
