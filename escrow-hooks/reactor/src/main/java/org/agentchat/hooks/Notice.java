package org.agentchat.hooks;

import java.util.Set;
import org.agentchat.schemas.identity.AgentId;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Something that happened, as hook authors know it: a name and a payload. One entry gives at most
/// one notice of a name about one subject.
///
/// @param subject what it is about, mostly a proposal's id; notices about one subject are delivered
///   in the order of the log
/// @param agents the accounts that it is about, by the names of their first keys
/// @param capability of the deal
/// @param payload what is delivered, complete
public record Notice(
    NoticeName name,
    String subject,
    Set<AgentId> agents,
    @Nullable String capability,
    ObjectNode payload) {
  /// Copies the set.
  public Notice {
    agents = Set.copyOf(agents);
  }
}
