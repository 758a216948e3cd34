package org.agentchat.relay;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.Sha256;
import org.agentchat.schemas.message.ClientMessage;
import org.agentchat.schemas.message.ServerMessage;
import org.jspecify.annotations.Nullable;

/// Which messages an agent has sent lately, by its own name for them: a client that lost the answer
/// may send a message again, also over another connection, and nobody hears it twice. Contents are
/// kept as hashes only. Thread-safe.
final class Repeats {
  /// @param sent as it was echoed, without its content
  private record Known(Hash hash, ServerMessage.Msg sent, long at) {}

  private record Hash(long a, long b) {}

  private final ChatRules.RepeatRules rules;
  private final RelayClock clock;

  /// Agents in the order in which they last sent something, each with its messages in their order.
  /// Guarded by this.
  private final Map<AgentId, LinkedHashMap<String, Known>> known = new LinkedHashMap<>();

  private int size;

  Repeats(ChatRules.RepeatRules rules, RelayClock clock) {
    this.rules = rules;
    this.clock = clock;
  }

  /// The echo of the same message when it came for the first time, with this content.
  Optional<ServerMessage.Msg> find(
      AgentId agent, ClientMessage.Msg message, String content, @Nullable String clientMsgId) {
    if (clientMsgId == null) {
      return Optional.empty();
    }
    Known before = find(agent, clientMsgId);
    return before != null && before.hash().equals(hash(message))
        ? Optional.of(echo(before.sent(), content, clientMsgId))
        : Optional.empty();
  }

  private synchronized @Nullable Known find(AgentId agent, String clientMsgId) {
    Map<String, Known> own = known.get(agent);
    Known before = own == null ? null : own.get(clientMsgId);
    boolean fresh = before != null && clock.millis() - before.at() <= rules.lasting().toMillis();
    return fresh ? before : null;
  }

  private static Hash hash(ClientMessage.Msg message) {
    // No target has a line feed that a content could be taken for: its length goes first.
    String all = message.to().length() + "\n" + message.to() + message.content();
    byte[] bytes = Sha256.of(all.getBytes(StandardCharsets.UTF_8));
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return new Hash(buffer.getLong(), buffer.getLong());
  }

  /// Remembers a message that went out.
  void add(
      AgentId agent,
      ClientMessage.Msg message,
      ServerMessage.Msg sent,
      @Nullable String clientMsgId) {
    if (clientMsgId != null) {
      add(agent, clientMsgId, new Known(hash(message), echo(sent, "", null), clock.millis()));
    }
  }

  private synchronized void add(AgentId agent, String clientMsgId, Known message) {
    LinkedHashMap<String, Known> own = known.remove(agent);
    if (own == null) {
      own = new LinkedHashMap<>();
    }
    known.put(agent, own);
    if (own.remove(clientMsgId) == null) {
      size++;
    }
    own.put(clientMsgId, message);
    if (own.size() > rules.perAgent()) {
      own.remove(own.keySet().iterator().next());
      size--;
    }
    while (size > rules.inAll()) {
      dropFirst();
    }
  }

  /// Drops the first message of the agent that has been silent for longest.
  private void dropFirst() {
    Iterator<LinkedHashMap<String, Known>> agents = known.values().iterator();
    LinkedHashMap<String, Known> silent = agents.next();
    silent.remove(silent.keySet().iterator().next());
    size--;
    if (silent.isEmpty()) {
      agents.remove();
    }
  }

  /// Drops what is too old.
  synchronized void expire(long now) {
    long oldest = now - rules.lasting().toMillis();
    size = 0;
    for (Map<String, Known> own : known.values()) {
      own.values().removeIf(message -> message.at() < oldest);
      size += own.size();
    }
    known.values().removeIf(Map::isEmpty);
  }

  private static ServerMessage.Msg echo(
      ServerMessage.Msg m, String content, @Nullable String clientMsgId) {
    return new ServerMessage.Msg(
        m.ts(),
        m.from(),
        m.fromName(),
        m.to(),
        content,
        m.msgId(),
        m.verified(),
        m.sig(),
        m.sigTs(),
        m.inReplyTo(),
        null,
        clientMsgId);
  }
}
