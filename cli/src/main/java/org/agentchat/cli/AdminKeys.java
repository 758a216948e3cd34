package org.agentchat.cli;

import java.util.Map;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.message.AdminKey;
import org.agentchat.schemas.message.AdminMessage;
import org.jspecify.annotations.Nullable;

/// The two keys that a relay's admins may share, from the environment that `serve` reads them from,
/// so that none stands on a command line. An admin whose own key the relay knows needs neither.
///
/// @param moderation who may come in, and who is sent away
/// @param operation the message of the day, and for whom the relay vouches
record AdminKeys(@Nullable AdminKey moderation, @Nullable AdminKey operation) {
  static final AdminKeys NONE = new AdminKeys(null, null);

  /// @throws IllegalArgumentException if a key is too long
  static AdminKeys of(Map<String, String> environment) {
    return new AdminKeys(
        key(environment, "ALLOWLIST_ADMIN_KEY"), key(environment, "AGENTCHAT_ADMIN_KEY"));
  }

  private static @Nullable AdminKey key(Map<String, String> environment, String name) {
    String secret = environment.getOrDefault(name, "");
    try {
      return secret.isEmpty() ? null : AdminKey.of(secret);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(name + ", " + e.getMessage(), e);
    }
  }

  AdminMessage approve(AgentKey key, @Nullable String note) {
    return new AdminMessage.Approve(key, moderation, note);
  }

  AdminMessage revoke(AgentId agent) {
    return new AdminMessage.Revoke(null, agent, moderation);
  }

  AdminMessage list() {
    return new AdminMessage.ListApproved(moderation);
  }

  AdminMessage kick(AgentId agent, @Nullable String reason) {
    return new AdminMessage.Kick(agent, moderation, reason);
  }

  AdminMessage ban(AgentId agent, @Nullable String reason) {
    return new AdminMessage.Ban(agent, moderation, reason);
  }

  AdminMessage unban(AgentId agent) {
    return new AdminMessage.Unban(agent, moderation);
  }

  AdminMessage motd(@Nullable String text) {
    return new AdminMessage.SetMotd(operation, text, null);
  }

  AdminMessage vouch(AgentId agent, boolean verified) {
    return new AdminMessage.Vouch(agent, operation, verified);
  }
}
