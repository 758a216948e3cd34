package org.agentchat.hooks;

import java.util.Set;
import org.agentchat.ledger.Ledger;
import org.agentchat.schemas.identity.AgentId;

/// Which notices a hook is told of. An empty set stands for all.
///
/// @param agents one of them takes part; by the name of any key that they have or had
/// @param capabilities the deal's is one of them
public record NoticeFilter(Set<NoticeName> names, Set<AgentId> agents, Set<String> capabilities) {
  /// Lets everything through.
  public static final NoticeFilter ALL = new NoticeFilter(Set.of(), Set.of(), Set.of());

  /// Copies the sets.
  public NoticeFilter {
    names = Set.copyOf(names);
    agents = Set.copyOf(agents);
    capabilities = Set.copyOf(capabilities);
  }

  /// Whether the hook is told of it.
  ///
  /// @param ledger knows whose a name is
  public boolean matches(Notice notice, Ledger ledger) {
    return (names.isEmpty() || names.contains(notice.name()))
        && (agents.isEmpty()
            || agents.stream().map(ledger::owner).anyMatch(notice.agents()::contains))
        && (capabilities.isEmpty()
            || (notice.capability() != null && capabilities.contains(notice.capability())));
  }
}
