package org.agentchat.ledger;

import java.util.List;
import java.util.Optional;
import org.agentchat.schemas.identity.AgentId;

/// What one entry did.
///
/// @param at the log's clock after the entry, milliseconds since 1970
/// @param effects in order; never empty but for a [org.agentchat.schemas.event.Event.Tick]
/// @param named the accounts whose history the entry is in, each once, by the names of their first
///   keys: see [Named]
public record Applied(Entry entry, long at, List<Effect> effects, List<AgentId> named) {
  /// Copies the lists.
  public Applied {
    effects = List.copyOf(effects);
    named = List.copyOf(named);
  }

  /// The refusal, if the event itself changed nothing.
  public Optional<Refusal> refusal() {
    return effects.stream()
        .filter(Effect.Refused.class::isInstance)
        .map(effect -> ((Effect.Refused) effect).refusal())
        .findFirst();
  }
}
