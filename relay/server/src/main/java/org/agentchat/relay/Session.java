package org.agentchat.relay;

import java.util.Optional;
import org.agentchat.schemas.message.ErrorCode;
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
  private Captchas.@Nullable Open captcha;
  private Lurk.@Nullable Term lurk;

  Session(Connection connection, RelayLimits limits, ChatRules rules, long now) {
    this.connection = connection;
    this.flood = new FloodGuard(limits.flood().window().toMillis());
    this.messages = new TokenBucket(limits.messages(), now);
    this.requests = new TokenBucket(limits.requests(), now);
    this.signals =
        new TokenBucket(
            new RelayLimits.Rate(rules.signals().perSecond(), rules.signals().burst()), now);
    double chunksPerSecond = 1_000.0 / rules.direct().chunkEvery().toMillis();
    this.chunks =
        new TokenBucket(new RelayLimits.Rate(chunksPerSecond, rules.direct().chunkBurst()), now);
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
    connection.mustActBy(
        next == null
            ? null
            : new Connection.Deadline(
                next.expiresAt(), ErrorCode.VERIFICATION_EXPIRED, "Challenge expired"));
  }

  Optional<Captchas.Open> captcha() {
    return Optional.ofNullable(captcha);
  }

  void asked(Captchas.@Nullable Open next) {
    captcha = next;
  }

  /// Until when the agent only listens, if it came in so.
  Optional<Lurk.Term> lurk() {
    return Optional.ofNullable(lurk);
  }

  void lurks(Lurk.@Nullable Term term) {
    lurk = term;
  }
}
