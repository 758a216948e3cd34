package org.agentchat.relay;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What the handling thread of a connection remembers between frames. Only that thread touches it.
final class Session {
  private final Connection connection;
  private final FloodGuard flood;
  private final TokenBucket messages;
  private Handshake.@Nullable Challenge challenge;

  Session(Connection connection, RelayLimits limits, long now) {
    this.connection = connection;
    this.flood = new FloodGuard(limits.floodWindow().toMillis());
    this.messages = new TokenBucket(limits.messagesPerSecond(), limits.messageBurst(), now);
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

  Optional<Handshake.Challenge> challenge() {
    return Optional.ofNullable(challenge);
  }

  void challenged(Handshake.@Nullable Challenge next) {
    challenge = next;
  }
}
