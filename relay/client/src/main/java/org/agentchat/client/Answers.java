package org.agentchat.client;

import org.agentchat.schemas.message.ServerMessage;
import org.jspecify.annotations.Nullable;

/// What a frame says about the question that it answers.
final class Answers {
  private Answers() {}

  /// The `client_msg_id` of the client's frame, or null.
  static @Nullable String clientMsgId(ServerMessage frame) {
    return switch (frame) {
      case ServerMessage.Msg msg -> msg.clientMsgId();
      case ServerMessage.Joined joined -> joined.clientMsgId();
      case ServerMessage.Left left -> left.clientMsgId();
      case ServerMessage.Channels channels -> channels.clientMsgId();
      case ServerMessage.Agents agents -> agents.clientMsgId();
      case ServerMessage.Refused refused -> refused.clientMsgId();
      case ServerMessage.Pong pong -> pong.clientMsgId();
      case ServerMessage.SearchResults results -> results.clientMsgId();
      case ServerMessage.Welcome _,
          ServerMessage.Challenge _,
          ServerMessage.AgentJoined _,
          ServerMessage.AgentLeft _,
          ServerMessage.Proposal _,
          ServerMessage.Accept _,
          ServerMessage.Reject _,
          ServerMessage.Complete _,
          ServerMessage.Dispute _,
          ServerMessage.Expired _,
          ServerMessage.SkillsRegistered _,
          ServerMessage.KeyRotated _,
          ServerMessage.KeyRevoked _,
          ServerMessage.SessionDisplaced _,
          ServerMessage.Unknown _ ->
          null;
    };
  }

  /// The signature of the statement that the frame is about, or null.
  static @Nullable String signature(ServerMessage frame) {
    return switch (frame) {
      case ServerMessage.Proposal proposal -> proposal.sig();
      case ServerMessage.Accept accept -> accept.sig();
      case ServerMessage.Reject reject -> reject.sig();
      case ServerMessage.Complete complete -> complete.sig();
      case ServerMessage.Dispute dispute -> dispute.sig();
      case ServerMessage.SkillsRegistered registered -> registered.sig();
      case ServerMessage.KeyRotated rotated -> rotated.sig();
      case ServerMessage.KeyRevoked revoked -> revoked.sig();
      case ServerMessage.Welcome _,
          ServerMessage.Challenge _,
          ServerMessage.Msg _,
          ServerMessage.Joined _,
          ServerMessage.Left _,
          ServerMessage.AgentJoined _,
          ServerMessage.AgentLeft _,
          ServerMessage.Channels _,
          ServerMessage.Agents _,
          ServerMessage.Refused _,
          ServerMessage.Pong _,
          ServerMessage.SearchResults _,
          ServerMessage.Expired _,
          ServerMessage.SessionDisplaced _,
          ServerMessage.Unknown _ ->
          null;
    };
  }
}
