package org.agentchat.relay;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.agentchat.schemas.identity.AgentId;

/// How often statements may be made, by one key and from one network. What they say stays in the
/// log for ever and each nonce in memory for minutes, so neither a new connection nor a new key
/// starts anew. Thread-safe.
final class StatementRates {
  /// Keys, and networks, remembered at the most: as many as there may be connections. The one that
  /// has made no statement for longest is forgotten, and so has its burst again; whoever wants to
  /// be forgotten needs as many others.
  private static final int MAX_REMEMBERED = 10_000;

  private final RelayLimits.Statements limits;
  private final RelayClock clock;
  private final Map<AgentId, TokenBucket> keys = latest();
  private final Map<String, TokenBucket> networks = latest();

  StatementRates(RelayLimits.Statements limits, RelayClock clock) {
    this.limits = limits;
    this.clock = clock;
  }

  private static <K> Map<K, TokenBucket> latest() {
    return new LinkedHashMap<>(16, 0.75f, true) {
      @Override
      protected boolean removeEldestEntry(Map.Entry<K, TokenBucket> eldest) {
        return size() > MAX_REMEMBERED;
      }
    };
  }

  /// Counts a statement of the agent.
  ///
  /// @param network see [ClientAddress#network]
  /// @return why it may not be made now, if so
  synchronized Optional<String> refusal(AgentId agent, String network) {
    long now = clock.millis();
    TokenBucket own = keys.computeIfAbsent(agent, _ -> new TokenBucket(limits.perKey(), now));
    if (!own.take(now)) {
      return Optional.of(words(limits.perKey(), "of one key"));
    }
    TokenBucket all =
        networks.computeIfAbsent(network, _ -> new TokenBucket(limits.perNetwork(), now));
    if (!all.take(now)) {
      own.giveBack();
      return Optional.of(words(limits.perNetwork(), "from one address"));
    }
    return Optional.empty();
  }

  private static String words(RelayLimits.Rate rate, String whose) {
    return "Rate limit exceeded (max %d statements per minute %s)"
        .formatted(Math.round(rate.perSecond() * 60), whose);
  }
}
