package org.agentchat.hooks;

import java.util.Set;
import org.agentchat.schemas.identity.AgentId;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Something that happened, as hook authors know it: a name and a payload.
///
/// @param name for example `escrow:created`
/// @param proposalId the deal that it is about
/// @param agents the accounts that it is about, by the names of their first keys
/// @param capability of the deal
/// @param payload what is delivered, complete
public record Notice(
    String name,
    String proposalId,
    Set<AgentId> agents,
    @Nullable String capability,
    ObjectNode payload) {
  /// Copies the set.
  public Notice {
    agents = Set.copyOf(agents);
  }
}
