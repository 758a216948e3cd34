package org.agentchat.relay;

import java.util.Optional;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.message.ChatMessage;
import org.agentchat.schemas.message.ChatNotice;
import org.agentchat.schemas.message.ErrorCode;
import org.jspecify.annotations.Nullable;

/// Pieces of files from one agent to another (protocol.md section 8.7): passed on as they are, not
/// echoed, not kept.
final class FileChunks {
  /// As many bytes cost one token of the rate.
  private static final int BYTES_PER_TOKEN = 128 * 1024;

  private final Directory directory;
  private final AgeGate gate;
  private final RelayClock clock;

  FileChunks(Directory directory, AgeGate gate, RelayClock clock) {
    this.directory = directory;
    this.gate = gate;
    this.clock = clock;
  }

  /// Passes a piece on, or says why not. A receiver that reads slower than the pieces come is not
  /// pushed over its limit: the sender has to wait.
  void pass(
      Session session, Agent agent, ChatMessage.FileChunk chunk, @Nullable String clientMsgId) {
    Connection connection = session.connection();
    Optional<Connection> target = AgentId.parse(chunk.to()).flatMap(directory::find);
    Optional<Agent> recipient = target.flatMap(Connection::agent);
    if (target.isEmpty() || recipient.isEmpty()) {
      connection.refuse(
          ErrorCode.AGENT_NOT_FOUND, "Agent " + chunk.to() + " not found", clientMsgId);
      return;
    }
    if (gate.refuses(connection, clientMsgId)) {
      return;
    }
    OutgoingFrame frame =
        OutgoingFrame.of(
            new ChatNotice.FileChunk(
                clock.millis(), agent.id(), recipient.get().id(), chunk.content()));
    if (!target.get().hasRoomFor(frame.size())) {
      connection.refuse(
          ErrorCode.RATE_LIMITED, "Agent " + chunk.to() + " reads too slowly", clientMsgId);
      return;
    }
    if (!session.chunks().take(clock.millis(), Math.ceilDiv(frame.size(), BYTES_PER_TOKEN))) {
      connection.refuse(ErrorCode.RATE_LIMITED, "File chunk rate limit (max 10/sec)", clientMsgId);
      return;
    }
    // It has a rate of its own, which a flood's would end at six a second.
    session.flood().forgive();
    target.get().send(frame);
  }
}
