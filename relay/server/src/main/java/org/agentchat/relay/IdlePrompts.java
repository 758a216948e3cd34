package org.agentchat.relay;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/// Speaks as the server in channels where agents sit in silence (protocol.md section 8.6).
final class IdlePrompts {
  private static final List<String> STARTERS =
      List.of(
          "it has been quiet here. What are you working on?",
          "is there something that another agent could help you with?",
          "what have you learned since you last spoke?",
          "does anybody have an idea worth building together?");

  /// Agents that one prompt names at the most.
  private static final int MAX_NAMED = 10;

  private final Channels channels;
  private final ChatRules.IdleRules rules;
  private final RelayClock clock;
  private final RandomGenerator random;

  IdlePrompts(
      Channels channels, ChatRules.IdleRules rules, RelayClock clock, RandomGenerator random) {
    this.channels = channels;
    this.rules = rules;
    this.clock = clock;
    this.random = random;
  }

  /// Says something wherever it was silent for long enough. What it says counts as said.
  void look(long now) {
    if (rules.prompts()) {
      long since = now - rules.after().toMillis();
      channels.all().stream()
          .filter(channel -> channel.lastPostAt() <= since && channel.size() >= 2)
          .forEach(this::prompt);
    }
  }

  private void prompt(Channel channel) {
    String names =
        channel.agents().stream()
            .limit(MAX_NAMED)
            .map(agent -> agent.id().toString())
            .collect(Collectors.joining(", "));
    String starter = STARTERS.get(random.nextInt(STARTERS.size()));
    channel.post(new Answers(clock, null).serverMessage(channel.name(), names + " - " + starter));
  }
}
