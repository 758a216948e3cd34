package org.agentchat.relay;

import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.AgentKey;
import org.jspecify.annotations.Nullable;

/// Who is at the other end of a connection.
///
/// @param name the display name, or the nick that took its place
/// @param key the key that it proved, or null for an ephemeral agent
/// @param verified whether an operator vouches for it
record Agent(AgentId id, String name, @Nullable AgentKey key, boolean verified) {
  /// The same agent under another name.
  Agent withName(String other) {
    return new Agent(id, other, key, verified);
  }

  /// The same agent, vouched for or not.
  Agent withVerified(boolean vouchedFor) {
    return new Agent(id, name, key, vouchedFor);
  }
}
