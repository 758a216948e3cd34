package org.agentchat.relay;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.message.ServerMessage;
import org.jspecify.annotations.Nullable;

/// What agents ask the relay to say to themselves later: `@@cb:30s@@text` in a message (protocol.md
/// section 14). They end with the connection that asked. Thread-safe.
final class Callbacks {
  private static final String MARK = "@@cb:";

  /// The protocol's expression; `\z` is what `$` means in JavaScript.
  private static final Pattern ASKED =
      Pattern.compile(
          "@@cb:(\\d++(?:\\.\\d++)?+)s(?:#([a-zA-Z0-9_-]++))?@@([\\s\\S]*?)(?=@@cb:|\\z)");

  private final Channels channels;
  private final ChatRules.CallbackRules rules;
  private final RelayClock clock;
  private final SecureRandom random = new SecureRandom();

  // Guarded by this.
  private final PriorityQueue<Pending> pending =
      new PriorityQueue<>(Comparator.comparingLong(Pending::at));
  private final Map<Connection, Integer> perConnection = new HashMap<>();

  Callbacks(Channels channels, ChatRules.CallbackRules rules, RelayClock clock) {
    this.channels = channels;
    this.rules = rules;
    this.clock = clock;
  }

  /// One callback as it was asked for.
  ///
  /// @param channel with its `#`, or null when it is for the agent alone
  record Asked(long delayMillis, @Nullable String channel, String payload) {}

  /// A message's content, taken apart.
  ///
  /// @param rest what others may see
  record Cut(String rest, List<Asked> asked) {
    /// Whether nothing is left to be said.
    boolean isSilent() {
      return rest.isEmpty() && !asked.isEmpty();
    }
  }

  private record Pending(long at, Connection connection, AgentId agent, String id, Asked asked) {}

  /// Takes the callbacks out of a message's content. Those with a long payload, and those beyond
  /// what one agent may have, are taken out and forgotten.
  Cut cut(String content) {
    if (!content.contains(MARK)) {
      return new Cut(content, List.of());
    }
    List<Asked> asked = new ArrayList<>();
    StringBuilder rest = new StringBuilder();
    Matcher matcher = ASKED.matcher(content);
    int from = 0;
    while (matcher.find()) {
      rest.append(content, from, matcher.start());
      from = matcher.end();
      if (asked.size() < rules.perAgent()) {
        asked.add(asked(matcher));
      }
    }
    if (from == 0) {
      return new Cut(content, List.of());
    }
    rest.append(content, from, content.length());
    return new Cut(rest.toString().strip(), asked);
  }

  private Asked asked(Matcher matcher) {
    long delay = Math.round(Double.parseDouble(matcher.group(1)) * 1_000);
    String channel = matcher.group(2);
    return new Asked(
        Math.min(delay, rules.longest().toMillis()),
        channel == null ? null : "#" + channel,
        matcher.group(3).strip());
  }

  /// Notes what an agent asked for; what is too much or too long is dropped without a word.
  synchronized void schedule(Connection connection, Agent agent, List<Asked> all) {
    long now = clock.millis();
    for (Asked asked : all) {
      int own = perConnection.getOrDefault(connection, 0);
      if (asked.payload().length() <= rules.payloadChars()
          && own < rules.perAgent()
          && pending.size() < rules.inAll()) {
        String id = "cb_" + now + "_" + RandomNames.base36(random, 6);
        pending.add(new Pending(now + asked.delayMillis(), connection, agent.id(), id, asked));
        perConnection.put(connection, own + 1);
      }
    }
  }

  /// Says what is due.
  void fire(long now) {
    List<Pending> due = new ArrayList<>();
    synchronized (this) {
      for (Pending next = pending.peek(); next != null && next.at() <= now; next = pending.peek()) {
        due.add(pending.remove());
        perConnection.computeIfPresent(
            next.connection(), (_, count) -> count == 1 ? null : count - 1);
      }
    }
    due.forEach(this::fire);
  }

  private void fire(Pending callback) {
    String channel = callback.asked().channel();
    if (channel != null
        && channels.find(channel).filter(c -> c.has(callback.connection())).isEmpty()) {
      return;
    }
    callback
        .connection()
        .send(
            new ServerMessage.Msg(
                clock.millis(),
                AgentId.SERVER,
                "server",
                channel == null ? callback.agent().toString() : channel,
                "@@cb-fire@@" + callback.asked().payload(),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                callback.id(),
                callback.agent()));
  }

  /// Drops what a connection asked for.
  synchronized void forget(Connection connection) {
    if (perConnection.remove(connection) != null) {
      pending.removeIf(callback -> callback.connection() == connection);
    }
  }
}
