package org.agentchat.relay;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.agentchat.schemas.identity.AgentId;

/// Who is online here. Thread-safe.
final class Directory {
  private final Map<AgentId, Connection> online = new ConcurrentHashMap<>();

  Optional<Connection> find(AgentId id) {
    return Optional.ofNullable(online.get(id));
  }

  /// By id, else the first agent of that name.
  Optional<Connection> findByIdOrName(AgentId wanted) {
    return find(wanted)
        .or(() ->
            online.values().stream()
                .filter(c -> c.agent().filter(a -> a.name().equals(wanted.name())).isPresent())
                .findFirst());
  }

  /// Puts the connection in the agent's place; the one that was there before, if any.
  Optional<Connection> replace(AgentId id, Connection connection) {
    return Optional.ofNullable(online.put(id, connection));
  }

  /// Takes the connection out; false when another has the agent's place.
  boolean remove(AgentId id, Connection connection) {
    return online.remove(id, connection);
  }

  Collection<Connection> all() {
    return online.values();
  }
}
