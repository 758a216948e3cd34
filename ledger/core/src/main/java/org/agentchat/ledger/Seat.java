package org.agentchat.ledger;

import java.util.Locale;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.statement.Verdict;
import org.jspecify.annotations.Nullable;

/// One of the three places on a panel, and who holds it.
///
/// @param respondBy when the assignment lapses, log time, milliseconds since 1970
/// @param replacements how often the place was given to somebody else
/// @param vote what the arbiter found, once it has voted
/// @param reasoning its words; null before the vote and once the case is closed
public record Seat(
    AgentId arbiter,
    State state,
    long respondBy,
    int replacements,
    @Nullable Verdict vote,
    @Nullable String reasoning) {

  /// Where an arbiter can be.
  public enum State {
    /// Drawn, has not answered yet.
    ASSIGNED,
    /// Took the duty on; points are held.
    ACCEPTED,
    /// Has voted.
    VOTED;

    /// The word that is served, in lower case.
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static Seat assigned(AgentId arbiter, long respondBy) {
    return new Seat(arbiter, State.ASSIGNED, respondBy, 0, null, null);
  }

  /// Whether the arbiter took the duty on.
  public boolean isTaken() {
    return state != State.ASSIGNED;
  }

  /// Whether the arbiter said nothing for too long.
  boolean isSilent(long now) {
    return state == State.ASSIGNED && respondBy <= now;
  }

  Seat accepted() {
    return new Seat(arbiter, State.ACCEPTED, respondBy, replacements, null, null);
  }

  Seat voted(Verdict verdict, String words) {
    return new Seat(arbiter, State.VOTED, respondBy, replacements, verdict, words);
  }

  Seat replacedBy(AgentId next, long by) {
    return new Seat(next, State.ASSIGNED, by, replacements + 1, null, null);
  }

  Seat bare() {
    return new Seat(arbiter, state, respondBy, replacements, vote, null);
  }
}
