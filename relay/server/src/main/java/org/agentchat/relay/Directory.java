package org.agentchat.relay;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.AgentKey;

/// Who is online here, and who was. Thread-safe.
final class Directory {
  /// Keys of agents that were here and that the log may not know, the latest; proposals to them are
  /// possible while they are away.
  private static final int MAX_KEYS = 10_000;

  private final Map<AgentId, Connection> online = new ConcurrentHashMap<>();
  private final Map<AgentId, AgentKey> keys = new LinkedHashMap<>();

  Optional<Connection> find(AgentId id) {
    return Optional.ofNullable(online.get(id));
  }

  /// By id, else the first agent of that name. What looks like the id of a key is none but that
  /// key's: who takes such a name must not hear what is said to another that is away.
  Optional<Connection> findByIdOrName(AgentId wanted) {
    return wanted.isPersistent() ? find(wanted) : findByName(wanted);
  }

  private Optional<Connection> findByName(AgentId wanted) {
    return find(wanted)
        .or(() ->
            online.values().stream()
                .filter(c -> c.agent().filter(a -> a.name().equals(wanted.name())).isPresent())
                .findFirst());
  }

  /// Puts the connection in the agent's place; the one that was there before, if any.
  Optional<Connection> replace(AgentId id, Connection connection) {
    connection.agent().map(Agent::key).ifPresent(this::remember);
    return Optional.ofNullable(online.put(id, connection));
  }

  private void remember(AgentKey key) {
    synchronized (keys) {
      keys.remove(key.id());
      keys.put(key.id(), key);
      if (keys.size() > MAX_KEYS) {
        keys.remove(keys.keySet().iterator().next());
      }
    }
  }

  /// The key of an agent that is here or was.
  Optional<AgentKey> key(AgentId id) {
    synchronized (keys) {
      return Optional.ofNullable(keys.get(id));
    }
  }

  /// Takes the connection out; false when another has the agent's place.
  boolean remove(AgentId id, Connection connection) {
    return online.remove(id, connection);
  }

  Collection<Connection> all() {
    return online.values();
  }
}
