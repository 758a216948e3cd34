package org.agentchat.relay;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What the handling thread of a connection remembers between frames. Only that thread touches it.
final class Session {
  private final Connection connection;
  private final FloodGuard flood;
  private final TokenBucket messages;
  private final TokenBucket requests;
  private final TokenBucket signals;
  private final TokenBucket chunks;
  private Handshake.@Nullable Challenge challenge;
  private @Nullable Long since;
  private long nextNickAt = Long.MIN_VALUE;

  Session(Connection connection, RelayLimits limits, ChatRules rules, long now) {
    this.connection = connection;
    this.flood = new FloodGuard(limits.floodWindow().toMillis());
    this.messages = new TokenBucket(limits.messagesPerSecond(), limits.messageBurst(), now);
    this.requests = new TokenBucket(limits.requestsPerSecond(), limits.requestBurst(), now);
    this.signals = new TokenBucket(rules.signals().perSecond(), rules.signals().burst(), now);
    double chunksPerSecond = 1_000.0 / rules.direct().chunkEvery().toMillis();
    this.chunks = new TokenBucket(chunksPerSecond, rules.direct().chunkBurst(), now);
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

  /// Of JOIN, LEAVE and LIST_AGENTS.
  TokenBucket requests() {
    return requests;
  }

  /// Of frames around the chat.
  TokenBucket signals() {
    return signals;
  }

  /// Of pieces of files.
  TokenBucket chunks() {
    return chunks;
  }

  /// When the agent may take another nick.
  long nextNickAt() {
    return nextNickAt;
  }

  void nextNickAt(long millis) {
    nextNickAt = millis;
  }

  Optional<Handshake.Challenge> challenge() {
    return Optional.ofNullable(challenge);
  }

  /// The last log index that the agent says it has, if it says so.
  @Nullable Long since() {
    return since;
  }

  void since(@Nullable Long index) {
    since = index;
  }

  void challenged(Handshake.@Nullable Challenge next) {
    challenge = next;
    connection.challengedUntil(next == null ? Long.MAX_VALUE : next.expiresAt());
  }
}
