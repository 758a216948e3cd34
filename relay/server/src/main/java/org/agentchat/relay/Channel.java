package org.agentchat.relay;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.message.ServerMessage;
import org.agentchat.schemas.message.ServerMessageCodec;
import org.jspecify.annotations.Nullable;

/// One channel: its members and its last messages. Thread-safe: every method holds the channel's
/// lock, so all members hear the same order. Sending only queues.
final class Channel {
  private final String name;
  private final boolean verifiedOnly;
  private final RelayLimits limits;
  private final Map<AgentId, Connection> members = new LinkedHashMap<>();
  private final ArrayDeque<Kept> history = new ArrayDeque<>();
  private long historyBytes;

  Channel(String name, boolean verifiedOnly, RelayLimits limits) {
    this.name = name;
    this.verifiedOnly = verifiedOnly;
    this.limits = limits;
  }

  String name() {
    return name;
  }

  boolean isVerifiedOnly() {
    return verifiedOnly;
  }

  synchronized int size() {
    return members.size();
  }

  synchronized boolean has(Connection connection) {
    return connection.agent().map(agent -> members.get(agent.id()) == connection).orElse(false);
  }

  synchronized List<Agent> agents() {
    return members.values().stream().flatMap(member -> member.agent().stream()).toList();
  }

  /// Lets an agent in: tells the others, answers it, replays, and announces it. False when it was
  /// in already; then it is only answered and replayed to.
  synchronized boolean join(Connection connection, Agent agent, Answers answers) {
    boolean first = members.put(agent.id(), connection) != connection;
    if (first) {
      broadcastExcept(connection, answers.agentJoined(name, agent));
    }
    connection.send(answers.joined(name, agents()));
    for (Kept kept : history) {
      if (connection.isClosed()) {
        break;
      }
      connection.send(kept.replay());
    }
    if (first) {
      post(answers.serverMessage(name, agent.name() + " joined " + name));
    }
    return first;
  }

  /// Takes an agent out; false when it was not in.
  synchronized boolean leave(Connection connection, Agent agent) {
    return members.remove(agent.id(), connection);
  }

  /// Sends a message to every member and keeps it.
  synchronized void post(ServerMessage.Msg message) {
    byte[] frame = encode(message);
    members.values().forEach(member -> member.send(frame));
    remember(message, frame.length);
  }

  /// Posts a member's message; its own copy echoes the client's name for it.
  synchronized void post(ServerMessage.Msg message, Connection author, byte[] echo) {
    byte[] frame = encode(message);
    for (Connection member : members.values()) {
      member.send(member == author ? echo : frame);
    }
    remember(message, frame.length);
  }

  /// Sends to every member.
  synchronized void broadcast(ServerMessage message) {
    if (members.isEmpty()) {
      return;
    }
    byte[] frame = encode(message);
    members.values().forEach(member -> member.send(frame));
  }

  private void broadcastExcept(Connection except, ServerMessage message) {
    byte[] frame = encode(message);
    members.values().stream().filter(member -> member != except).forEach(m -> m.send(frame));
  }

  private void remember(ServerMessage.Msg message, int bytes) {
    if (limits.replay().frames() == 0 || bytes > limits.replay().bytes()) {
      return;
    }
    while (history.size() >= limits.replay().frames()
        || historyBytes + bytes > limits.replay().bytes()) {
      historyBytes -= history.removeFirst().bytes;
    }
    history.addLast(new Kept(message, bytes));
    historyBytes += bytes;
  }

  private static byte[] encode(ServerMessage message) {
    return ServerMessageCodec.encode(message).getBytes(StandardCharsets.UTF_8);
  }

  /// A message of the history; its frame is made when the first agent joins after it.
  private static final class Kept {
    private final ServerMessage.Msg message;
    private final int bytes;
    private byte @Nullable [] frame;

    Kept(ServerMessage.Msg message, int bytes) {
      this.message = message;
      this.bytes = bytes;
    }

    byte[] replay() {
      byte[] encoded = frame;
      if (encoded == null) {
        encoded = encode(message.asReplay());
        frame = encoded;
      }
      return encoded;
    }
  }
}
