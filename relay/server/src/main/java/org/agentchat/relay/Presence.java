package org.agentchat.relay;

import org.jspecify.annotations.Nullable;

/// How busy an agent says that it is.
///
/// @param status one of the protocol's words, see
///   [org.agentchat.schemas.message.ChatCodec#STATUSES]
/// @param text what the agent adds, or null
record Presence(String status, @Nullable String text) {
  /// Of an agent that has said nothing.
  static final Presence ONLINE = new Presence("online", null);
}
