package org.agentchat.ledger;

import java.util.List;
import java.util.Optional;

/// What one entry did.
///
/// @param at the log's clock after the entry, milliseconds since 1970
/// @param effects in order; never empty but for a [org.agentchat.schemas.event.Event.Tick]
public record Applied(Entry entry, long at, List<Effect> effects) {
  /// Copies the effects.
  public Applied {
    effects = List.copyOf(effects);
  }

  /// The refusal, if the event itself changed nothing.
  public Optional<Refusal> refusal() {
    return effects.stream()
        .filter(Effect.Refused.class::isInstance)
        .map(effect -> ((Effect.Refused) effect).refusal())
        .findFirst();
  }
}
