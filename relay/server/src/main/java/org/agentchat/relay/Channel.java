package org.agentchat.relay;

import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.message.ServerMessage;
import org.jspecify.annotations.Nullable;

/// One channel: its members and its last messages. Thread-safe: every method holds the channel's
/// lock, so all members hear the same order. Sending only queues.
final class Channel {
  private final String name;
  private final Kind kind;
  private final long number;
  private final RelayLimits limits;
  private final ChatRules rules;
  private final RelayClock clock;
  private final Floor floor;
  private final Map<AgentId, Connection> members = new LinkedHashMap<>();
  private final Set<AgentId> invited = new LinkedHashSet<>();
  private final ArrayDeque<Kept> history = new ArrayDeque<>();
  private long historyBytes;
  private long lastPostAt;
  private long emptySince;
  private boolean forgotten;

  /// Who may be in a channel, and where it came from.
  ///
  /// @param creator null when the channel exists from the start
  record Kind(boolean verifiedOnly, boolean inviteOnly, @Nullable AgentId creator) {
    static final Kind OPEN = new Kind(false, false, null);
    static final Kind VERIFIED = new Kind(true, false, null);
  }

  /// @param number grows from channel to channel
  Channel(
      String name, Kind kind, long number, RelayLimits limits, ChatRules rules, RelayClock clock) {
    this.name = name;
    this.kind = kind;
    this.number = number;
    this.limits = limits;
    this.rules = rules;
    this.clock = clock;
    this.floor = new Floor(rules.floor());
    this.lastPostAt = clock.millis();
    this.emptySince = lastPostAt;
  }

  String name() {
    return name;
  }

  Kind kind() {
    return kind;
  }

  /// Greater than that of every channel that was made before.
  long number() {
    return number;
  }

  boolean isVerifiedOnly() {
    return kind.verifiedOnly();
  }

  /// Who answers whom here.
  Floor floor() {
    return floor;
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

  synchronized List<Connection> members() {
    return List.copyOf(members.values());
  }

  /// Lets an agent in that asks later, if the channel is for invited agents only.
  synchronized void invite(AgentId agent) {
    invited.add(agent);
    if (invited.size() > rules.channels().invitations()) {
      invited.remove(invited.iterator().next());
    }
  }

  /// Whether the agent may know who is in here: everybody, or those whom somebody invited.
  synchronized boolean isOpenTo(AgentId agent) {
    return !kind.inviteOnly()
        || agent.equals(kind.creator())
        || invited.contains(agent)
        || members.containsKey(agent);
  }

  /// Lets an agent in: tells the others, answers it, replays, and announces it. One that was in
  /// already is only answered and replayed to. False, and nothing was done, when it [#takes] the
  /// connection not.
  synchronized boolean join(Connection connection, Agent agent, Answers answers) {
    if (!takes(connection)) {
      return false;
    }
    boolean first = enter(connection, agent, answers);
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
    return true;
  }

  /// Lets an agent in and tells the others, not itself; false when it was in already, or when it
  /// [#takes] the connection not.
  synchronized boolean enter(Connection connection, Agent agent, Answers answers) {
    if (!takes(connection)) {
      return false;
    }
    boolean first = members.put(agent.id(), connection) != connection;
    if (first) {
      broadcastExcept(connection, answers.agentJoined(name, agent));
    }
    return first;
  }

  /// Not when it is forgotten, when the relay has closed the connection, whose place another may
  /// have, or when nobody vouches for the agent any more. Whoever decides so takes the connection
  /// out afterwards, under the same lock: it finds it in here, or it never comes in.
  private boolean takes(Connection connection) {
    return !forgotten
        && !connection.isShut()
        && (!kind.verifiedOnly() || connection.agent().filter(Agent::verified).isPresent());
  }

  /// Takes an agent out; false when it was not in.
  synchronized boolean leave(Connection connection, Agent agent) {
    floor.release(connection);
    boolean was = members.remove(agent.id(), connection);
    if (was && members.isEmpty()) {
      emptySince = clock.millis();
    }
    return was;
  }

  /// Since when nobody is in; [Long#MAX_VALUE] while somebody is.
  synchronized long emptySince() {
    return members.isEmpty() ? emptySince : Long.MAX_VALUE;
  }

  /// Lets nobody in any more, if it is empty; whether it is so.
  synchronized boolean forget() {
    forgotten |= members.isEmpty();
    return forgotten;
  }

  /// When something was last said.
  synchronized long lastPostAt() {
    return lastPostAt;
  }

  /// Sends a message to every member and keeps it.
  synchronized void post(ServerMessage.Msg message) {
    OutgoingFrame frame = OutgoingFrame.of(message);
    members.values().forEach(member -> member.send(frame));
    remember(message, frame.size());
  }

  /// Posts a member's message; its own copy echoes the client's name for it. False, and nobody
  /// hears it, when the author is no member any more.
  synchronized boolean post(ServerMessage.Msg message, Connection author, OutgoingFrame echo) {
    if (!has(author)) {
      return false;
    }
    OutgoingFrame frame = OutgoingFrame.of(message);
    for (Connection member : members.values()) {
      member.send(member == author ? echo : frame);
    }
    remember(message, frame.size());
    return true;
  }

  /// Sends to every member.
  synchronized void broadcast(ServerMessage message) {
    if (members.isEmpty()) {
      return;
    }
    OutgoingFrame frame = OutgoingFrame.of(message);
    members.values().forEach(member -> member.send(frame));
  }

  /// Sends to every member but one.
  synchronized void broadcastExcept(Connection except, ServerMessage message) {
    OutgoingFrame frame = OutgoingFrame.of(message);
    members.values().stream().filter(member -> member != except).forEach(m -> m.send(frame));
  }

  private void remember(ServerMessage.Msg message, int bytes) {
    lastPostAt = message.ts();
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

  /// A message of the history; its frame is made when the first agent joins after it.
  private static final class Kept {
    private final ServerMessage.Msg message;
    private final int bytes;
    private @Nullable OutgoingFrame frame;

    Kept(ServerMessage.Msg message, int bytes) {
      this.message = message;
      this.bytes = bytes;
    }

    OutgoingFrame replay() {
      OutgoingFrame encoded = frame;
      if (encoded == null) {
        encoded = OutgoingFrame.of(message.asReplay());
        frame = encoded;
      }
      return encoded;
    }
  }
}
