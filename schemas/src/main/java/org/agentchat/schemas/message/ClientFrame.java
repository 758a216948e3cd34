package org.agentchat.schemas.message;

import org.jspecify.annotations.Nullable;

/// One frame from a client, read: a message, or what is wrong with it.
public sealed interface ClientFrame {
  /// The client's own name for the frame, echoed in what answers it; at most 64 characters.
  @Nullable String clientMsgId();

  /// A frame in good form.
  record Accepted(ClientMessage message, @Nullable String clientMsgId) implements ClientFrame {}

  /// A frame in bad form: always INVALID_MSG.
  ///
  /// @param complaint what is wrong, in the protocol's words
  record Invalid(String complaint, @Nullable String clientMsgId) implements ClientFrame {}
}
