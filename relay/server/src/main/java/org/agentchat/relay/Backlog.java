package org.agentchat.relay;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.agentchat.schemas.identity.AgentId;
import org.jspecify.annotations.Nullable;

/// What the log has to tell each agent, newest last, and how far each has heard it. An agent that
/// was away gets what it missed when it comes back, in order and before anything newer.
///
/// The tailer adds, connections attach and resume; one lock makes each of these one step, so no
/// frame is left out, sent twice or overtaken. Nothing here blocks: sending only queues.
final class Backlog {
  /// All frames together, in bytes; the oldest go first. They are made again from the log at every
  /// start, so this bounds memory, not what is true.
  static final long MAX_BYTES = 64L * 1024 * 1024;

  /// Frames of one agent: fewer than an outbox holds, or coming back would disconnect it.
  static final int MAX_FRAMES = 4_096;

  /// Who is told: a [Connection].
  interface Listener {
    /// Takes a frame about an entry of the log; must not block.
    void tell(long index, byte[] utf8);

    /// The index of the last entry whose frame surely arrived, -1 when there is none.
    long heardUpTo();
  }

  private static final class Box {
    private final ArrayDeque<Kept> frames = new ArrayDeque<>();
    private @Nullable Listener connection;
  }

  private static final class Kept {
    private final AgentId agent;
    private final long index;
    private byte @Nullable [] frame;

    Kept(AgentId agent, long index, byte[] frame) {
      this.agent = agent;
      this.index = index;
      this.frame = frame;
    }

    void sendTo(Listener connection) {
      if (frame != null) {
        connection.tell(index, frame);
      }
    }

    /// @return how many bytes that frees
    int drop() {
      int freed = frame == null ? 0 : frame.length;
      frame = null;
      return freed;
    }
  }

  /// What was sent again.
  ///
  /// @param upTo the index of the last entry whose frames are known here, -1 when there is none
  /// @param complete false when some frames after the wanted index are not kept any more
  record Sent(long upTo, boolean complete) {}

  private final Map<AgentId, Box> boxes = new HashMap<>();
  private final ArrayDeque<Kept> all = new ArrayDeque<>();
  private final long maxBytes;
  private long bytes;
  private long newest = -1;
  private long forgotten = -1;

  /// @param maxBytes of all frames together, [#MAX_BYTES] for all but tests
  Backlog(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /// Keeps a frame, and sends it if the agent is here.
  ///
  /// @param index of the entry that the frame is about, never less than before
  synchronized void add(AgentId agent, long index, byte[] frame) {
    newest = index;
    Box box = boxes.computeIfAbsent(agent, _ -> new Box());
    Kept kept = new Kept(agent, index, frame);
    box.frames.addLast(kept);
    all.addLast(kept);
    bytes += frame.length;
    if (box.connection != null) {
      kept.sendTo(box.connection);
    }
    if (box.frames.size() > MAX_FRAMES) {
      drop(box.frames.removeFirst());
    }
    while (bytes > maxBytes) {
      Kept oldest = all.removeFirst();
      Box owner = boxes.get(oldest.agent);
      if (owner != null && owner.frames.peekFirst() == oldest) {
        owner.frames.removeFirst();
        removeIfIdle(oldest.agent, owner);
      }
      drop(oldest);
    }
  }

  private void drop(Kept kept) {
    bytes -= kept.drop();
    forgotten = Math.max(forgotten, kept.index);
  }

  private void removeIfIdle(AgentId agent, Box box) {
    if (box.frames.isEmpty() && box.connection == null) {
      boxes.remove(agent);
    }
  }

  /// Lets the agent hear the log on this connection: first what it missed, then what comes.
  ///
  /// @param since the last index that the agent has
  synchronized Sent attach(AgentId agent, Listener connection, long since) {
    Box box = boxes.computeIfAbsent(agent, _ -> new Box());
    box.connection = connection;
    return send(box, connection, since);
  }

  /// Sends again what came after an index.
  synchronized Sent resume(AgentId agent, Listener connection, long since) {
    Box box = boxes.get(agent);
    return box == null ? new Sent(newest, since >= forgotten) : send(box, connection, since);
  }

  private Sent send(Box box, Listener connection, long since) {
    for (Kept kept : box.frames) {
      if (kept.index > since) {
        kept.sendTo(connection);
      }
    }
    return new Sent(newest, since >= forgotten);
  }

  /// The connection is gone, or another has the agent's place.
  synchronized void detach(AgentId agent, Listener connection) {
    Box box = boxes.get(agent);
    if (box != null && box.connection == connection) {
      box.connection = null;
      removeIfIdle(agent, box);
    }
  }

  /// Notes how far the agents that are here have come.
  synchronized void note(Positions positions) {
    boxes.forEach((agent, box) -> {
      if (box.connection != null) {
        positions.heard(agent, box.connection.heardUpTo());
      }
    });
  }
}
