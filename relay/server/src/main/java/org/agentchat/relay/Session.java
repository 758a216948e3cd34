package org.agentchat.relay;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What the handling thread of a connection remembers between frames. Only that thread touches it.
final class Session {
  private final Connection connection;
  private final FloodGuard flood;
  private final TokenBucket messages;
  private final TokenBucket requests;
  private Handshake.@Nullable Challenge challenge;

  Session(Connection connection, RelayLimits limits, long now) {
    this.connection = connection;
    this.flood = new FloodGuard(limits.floodWindow().toMillis());
    this.messages = new TokenBucket(limits.messagesPerSecond(), limits.messageBurst(), now);
    this.requests = new TokenBucket(limits.requestsPerSecond(), limits.requestBurst(), now);
  }

  Connection connection() {
    return connection;
  }

  FloodGuard flood() {
    return flood;
  }

  TokenBucket messages() {
    return messages;
  }

  /// Of JOIN, LEAVE, LIST_AGENTS and SEARCH_SKILLS.
  TokenBucket requests() {
    return requests;
  }

  Optional<Handshake.Challenge> challenge() {
    return Optional.ofNullable(challenge);
  }

  void challenged(Handshake.@Nullable Challenge next) {
    challenge = next;
    connection.challengedUntil(next == null ? Long.MAX_VALUE : next.expiresAt());
  }
}
