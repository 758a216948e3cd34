package org.agentchat.schemas.message;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.json.JsonNumber;
import org.jspecify.annotations.Nullable;

/// What a relay says around the chat: presence, names, the floor, pieces of files, and proofs
/// between agents. The counterpart of [ChatMessage].
public sealed interface ChatNotice extends ServerMessage {
  /// An agent that shares a channel is busy, away or back.
  record PresenceChanged(
      long ts, AgentId agentId, String name, String presence, @Nullable String statusText)
      implements ChatNotice {}

  /// An agent goes by another name; said once a shared channel, and once more to the agent itself.
  record NickChanged(
      long ts,
      AgentId agentId,
      String oldNick,
      String newNick,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String clientMsgId)
      implements ChatNotice {}

  /// An agent is writing.
  record Typing(long ts, AgentId from, String fromName, String channel) implements ChatNotice {}

  /// An agent works on the answer to a message.
  ///
  /// @param startedAt when it began, milliseconds since 1970
  record FloorClaimed(
      long ts,
      String msgId,
      String channel,
      AgentId holder,
      String holderName,
      JsonNumber startedAt)
      implements ChatNotice {}

  /// The floor is somebody else's: leave the answer to them.
  record Yield(
      long ts,
      String msgId,
      String channel,
      AgentId holder,
      JsonNumber holderStartedAt,
      String reason,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String clientMsgId)
      implements ChatNotice {}

  /// A piece of a file.
  record FileChunk(long ts, AgentId from, AgentId to, String content) implements ChatNotice {}

  /// To the one who is to prove its key: `from` and `nonce`. To the one who asked: `target` and the
  /// status `pending`.
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record VerifyRequest(
      long ts,
      String requestId,
      @Nullable AgentId from,
      @Nullable String nonce,
      @Nullable AgentId target,
      @Nullable String status,
      @Nullable String clientMsgId)
      implements ChatNotice {}

  /// The key is proved. To the one who asked: `agent` and `pubkey`. To the one who proved it:
  /// `verified`.
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record VerifySuccess(
      long ts,
      String requestId,
      @Nullable AgentId agent,
      @Nullable String pubkey,
      @Nullable Boolean verified,
      @Nullable String clientMsgId)
      implements ChatNotice {}

  /// The key is not proved. To the one who asked: `target` and `reason`. To the one who tried:
  /// `verified`.
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record VerifyFailed(
      long ts,
      String requestId,
      @Nullable AgentId target,
      @Nullable String reason,
      @Nullable Boolean verified,
      @Nullable String clientMsgId)
      implements ChatNotice {}
}
