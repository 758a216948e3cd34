package org.agentchat.schemas.message;

import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.AgentKey;
import org.jspecify.annotations.Nullable;

/// What an admin says (protocol.md section 17), on any connection, identified or not.
///
/// Texts are at most [#MAX_TEXT_CHARS] long, the message of the day [#MAX_MOTD_CHARS].
public sealed interface AdminMessage extends ClientMessage {
  /// Longest reason or note, in characters.
  int MAX_TEXT_CHARS = 500;

  /// Longest message of the day, in characters.
  int MAX_MOTD_CHARS = 4_000;

  /// The shared secret; absent when the connection proved the key of an admin.
  @Nullable AdminKey adminKey();

  /// Puts a key on the allowlist.
  record Approve(AgentKey key, @Nullable AdminKey adminKey, @Nullable String note)
      implements AdminMessage {}

  /// Takes a key off the allowlist. It is named by itself or by its short name; one of them is
  /// there.
  record Revoke(@Nullable AgentKey key, @Nullable AgentId agentId, @Nullable AdminKey adminKey)
      implements AdminMessage {
    /// The agent that is meant; the key counts when both are there.
    ///
    /// @throws IllegalStateException if neither is
    public AgentId agent() {
      if (key != null) {
        return key.id();
      }
      if (agentId != null) {
        return agentId;
      }
      throw new IllegalStateException("a revocation of nobody");
    }
  }

  /// Asks for the allowlist.
  record ListApproved(@Nullable AdminKey adminKey) implements AdminMessage {}

  /// Closes an agent's connection.
  record Kick(AgentId agentId, @Nullable AdminKey adminKey, @Nullable String reason)
      implements AdminMessage {}

  /// Closes an agent's connection and lets it in no more.
  record Ban(AgentId agentId, @Nullable AdminKey adminKey, @Nullable String reason)
      implements AdminMessage {}

  /// Lets a banned agent in again.
  record Unban(AgentId agentId, @Nullable AdminKey adminKey) implements AdminMessage {}

  /// Changes the message of the day.
  ///
  /// @param motd absent: there is none any more
  /// @param kick whether everybody else is then sent away
  record SetMotd(@Nullable AdminKey adminKey, @Nullable String motd, @Nullable Boolean kick)
      implements AdminMessage {}

  /// Vouches for an agent while it is connected, or no longer.
  record Vouch(AgentId agentId, @Nullable AdminKey adminKey, boolean verified)
      implements AdminMessage {}
}
