package org.agentchat.schemas.message;

import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.json.JsonNumber;
import org.jspecify.annotations.Nullable;

/// What a client says around its chat: who it is to the others, channels of its own, the floor,
/// files, and proofs between agents. None of it enters the log.
public sealed interface ChatMessage extends ClientMessage {
  /// Tells those who share a channel how busy the agent is (protocol.md section 7).
  ///
  /// @param status one of [ChatCodec#STATUSES]
  /// @param statusText at most [ChatCodec#MAX_STATUS_CHARS]; null and empty both mean none
  record SetPresence(String status, @Nullable String statusText) implements ChatMessage {}

  /// Takes another name until the connection ends.
  ///
  /// @param nick 1 to 24 of `[a-zA-Z0-9_-]`
  record SetNick(String nick) implements ChatMessage {}

  /// Says that the agent is writing.
  record Typing(String channel) implements ChatMessage {}

  /// Claims the floor: the agent works on an answer (section 13).
  ///
  /// @param msgId the message that will be answered
  /// @param startedAt when the work began, milliseconds since 1970 by the agent's clock
  record RespondingTo(String msgId, String channel, JsonNumber startedAt) implements ChatMessage {}

  /// Makes a channel and joins it.
  ///
  /// @param inviteOnly whether only invited agents may join; it is never listed then
  /// @param verifiedOnly whether only agents that an operator vouches for may join
  record CreateChannel(String channel, boolean inviteOnly, boolean verifiedOnly)
      implements ChatMessage {}

  /// Lets an agent into an invite-only channel.
  record Invite(String channel, AgentId agent) implements ChatMessage {}

  /// A piece of a file for one agent (section 8.7).
  ///
  /// @param to `@agent`
  /// @param content at most [ClientMessageCodec#MAX_CONTENT_CHARS]
  record FileChunk(String to, String content) implements ChatMessage {}

  /// Asks another agent to prove its key (section 9).
  ///
  /// @param nonce 16 to 128 characters
  record VerifyRequest(AgentId target, String nonce) implements ChatMessage {}

  /// Answers a VERIFY_REQUEST.
  ///
  /// @param sig base64 of the signature over the nonce's UTF-8 bytes, not looked at yet
  record VerifyResponse(String requestId, String nonce, String sig) implements ChatMessage {}
}
