package org.agentchat.ledger;

import java.util.Optional;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.rating.RatingLeaf;
import org.agentchat.schemas.rating.RatingPath;

/// The ratings that a ledger has committed to, and that the fold found to be true: what a rating
/// certificate is made of. Immutable, and safe to ask from any thread.
public final class CommittedRatings {
  private final long index;
  private final Event.RatingsCommitted event;
  private final RatingMap<Standing> map;

  CommittedRatings(long index, Event.RatingsCommitted event, RatingMap<Standing> map) {
    this.index = index;
    this.event = event;
    this.map = map;
  }

  /// The index of the entry that commits.
  public long index() {
    return index;
  }

  /// The commitment as it is in the log, with size, root and the ledger's signature.
  public Event.RatingsCommitted event() {
    return event;
  }

  /// What was committed to for an account.
  ///
  /// @param account the name of its first key
  public Optional<RatingLeaf> leaf(AgentId account) {
    return map.find(RatingLeaf.keyOf(account)).map(Standing::leaf);
  }

  /// Shows to a [RatingPathVerifier] that the leaf is in the map, or that the map has none for the
  /// account.
  ///
  /// @param account the name of its first key
  public RatingPath path(AgentId account) {
    return map.path(RatingLeaf.keyOf(account));
  }
}
