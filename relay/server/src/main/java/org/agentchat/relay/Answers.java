package org.agentchat.relay;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.message.ServerMessage;
import org.agentchat.schemas.message.ServerMessageCodec;
import org.jspecify.annotations.Nullable;

/// Frames that answer one client frame, stamped with the time and the client's name for it.
record Answers(RelayClock clock, @Nullable String clientMsgId) {
  ServerMessage.Joined joined(String channel, List<Agent> agents) {
    List<ServerMessage.Member> members =
        agents.stream()
            .map(agent -> new ServerMessage.Member(agent.id(), agent.name(), agent.verified()))
            .toList();
    return new ServerMessage.Joined(clock.millis(), channel, members, clientMsgId);
  }

  /// The frame that answers CREATE_CHANNEL.
  OutgoingFrame created(String channel, Agent creator) {
    return OutgoingFrame.text(
        ServerMessageCodec.encodeCreated(joined(channel, List.of(creator)))
            .getBytes(StandardCharsets.UTF_8));
  }

  ServerMessage.AgentJoined agentJoined(String channel, Agent agent) {
    return new ServerMessage.AgentJoined(
        clock.millis(), channel, agent.id(), agent.name(), agent.verified());
  }

  /// What the relay itself says in a channel (protocol.md section 8.6).
  ServerMessage.Msg serverMessage(String channel, String content) {
    return new ServerMessage.Msg(
        clock.millis(),
        AgentId.SERVER,
        "Server",
        channel,
        content,
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }
}
