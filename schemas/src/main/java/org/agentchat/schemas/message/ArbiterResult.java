package org.agentchat.schemas.message;

import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.statement.Verdict;
import org.jspecify.annotations.Nullable;

/// What one arbiter of a resolved case found, and what it has of it.
///
/// @param verdict its vote; null when it took the duty on and did not vote
/// @param reward rating points: 5 for a vote as the verdict is, 0 for another, -25 for none
public record ArbiterResult(
    AgentId arbiter, @Nullable Verdict verdict, @Nullable String reasoning, int reward) {
  /// The same of the arbiter by another of its names.
  public ArbiterResult by(AgentId name) {
    return new ArbiterResult(name, verdict, reasoning, reward);
  }
}
