package org.agentchat.hooks;

import java.util.List;
import org.agentchat.ledger.Applied;
import org.agentchat.ledger.Ledger;

/// What a hook is to do because of one entry. Pure: the same log gives the same actions, so
/// planning twice, after a crash or with an empty database, plans nothing new.
@FunctionalInterface
public interface Planner {
  /// The actions that follow, in the order in which they are to be done; mostly none.
  ///
  /// @param applied the entry and what it did
  /// @param notices the same as hook authors know it
  /// @param ledger the fold after the entry, to be asked and not to be changed
  List<Action> plan(Applied applied, List<Notice> notices, Ledger ledger);
}
