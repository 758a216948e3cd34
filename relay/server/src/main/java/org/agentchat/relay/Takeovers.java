package org.agentchat.relay;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.agentchat.schemas.identity.AgentId;

/// How long a connection that proved an online agent's key waits before it takes its place: not at
/// all, unless the same agent was taken over within the last five minutes; then 5 s, doubling to
/// 60. Two owners of one key that fight for it so slow down instead of spinning. Thread-safe.
final class Takeovers {
  /// Agents remembered at the most; the oldest are forgotten.
  private static final int MAX_AGENTS = 10_000;

  private static final Duration QUIET = Duration.ofMinutes(5);
  private static final Duration FIRST = Duration.ofSeconds(5);
  private static final Duration LONGEST = Duration.ofSeconds(60);

  private record Last(long at, int repeats) {}

  private final Map<AgentId, Last> last = new LinkedHashMap<>();

  /// How long a takeover of the agent waits now.
  synchronized Duration wait(AgentId agent, long now) {
    int repeats = repeats(agent, now);
    if (repeats == 0) {
      return Duration.ZERO;
    }
    Duration wait = FIRST.multipliedBy(1L << Math.min(repeats - 1, 4));
    return wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
  }

  /// Counts one that has happened; who gave up waiting has taken nothing over.
  synchronized void happened(AgentId agent, long now) {
    int repeats = repeats(agent, now);
    last.remove(agent);
    if (last.size() >= MAX_AGENTS) {
      last.remove(last.keySet().iterator().next());
    }
    last.put(agent, new Last(now, repeats));
  }

  private int repeats(AgentId agent, long now) {
    Last before = last.get(agent);
    return before == null || now - before.at() > QUIET.toMillis() ? 0 : before.repeats() + 1;
  }
}
