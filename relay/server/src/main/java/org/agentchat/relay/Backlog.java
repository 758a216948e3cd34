package org.agentchat.relay;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agentchat.schemas.identity.AgentId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the log has to tell each agent. An agent that was away gets what it missed when it comes
/// back, in order and before anything newer; frames wait in a [Spool], so memory holds one number
/// for each agent.
///
/// The tailer adds; connections attach and resume on their own threads. A connection reads far
/// behind without holding anybody up; only its last step to the present is under the lock, so no
/// frame is left out, sent twice or overtaken.
final class Backlog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Backlog.class);

  /// Frames that may still be read under the lock, while the tailer waits: a millisecond.
  private static final int LAST_STEP = 64;

  /// Frames that one return may bring, since their places are in memory meanwhile; whoever missed
  /// more gets the latest and is told so.
  static final int MAX_FRAMES = 1_000_000;

  /// Who is told: a [Connection].
  interface Listener {
    /// Takes a frame; must not block.
    void tell(byte[] utf8);

    /// Every frame up to that log index has been told.
    void toldUpTo(long index);

    /// Whether the relay has ended it: then it hears nothing more.
    boolean isShut();

    /// Waits until more frames may be told; false when nobody is there any more.
    boolean awaitRoom() throws InterruptedException;
  }

  /// What was told again.
  ///
  /// @param upTo the last log index that was looked at, -1 when there is none
  /// @param complete false when some frames were not kept
  record Sent(long upTo, boolean complete) {}

  private final Spool spool;
  private final Map<AgentId, Long> newest = new HashMap<>();
  private final Map<AgentId, Listener> listeners = new HashMap<>();
  private final List<Listener> toldNow = new ArrayList<>();
  private long upTo = -1;
  private long lost = -1;
  private boolean losing;

  Backlog(Spool spool) {
    this.spool = spool;
  }

  /// Keeps a frame about an entry for those whom it concerns, and sends it to those who are here.
  synchronized void add(List<AgentId> to, long index, byte[] frame) {
    for (int start = 0; start < to.size(); start += Spool.MAX_RECEIVERS) {
      keep(to.subList(start, Math.min(to.size(), start + Spool.MAX_RECEIVERS)), index, frame);
    }
    for (AgentId agent : to) {
      Listener listener = listeners.get(agent);
      if (listener != null) {
        listener.tell(frame);
        toldNow.add(listener);
      }
    }
  }

  private void keep(List<AgentId> to, long index, byte[] frame) {
    long[] previous =
        to.stream().mapToLong(agent -> newest.getOrDefault(agent, Spool.NOTHING)).toArray();
    try {
      long place = spool.append(index, previous, frame);
      for (int receiver = 0; receiver < to.size(); receiver++) {
        newest.put(to.get(receiver), Spool.pointer(place, receiver));
      }
      if (losing) {
        LOG.warn("agents that are away are told again, from entry {} on", index);
      }
      losing = false;
    } catch (IOException e) {
      if (!losing) {
        LOG.error("agents that are away will not be told of entry {} and more: {}", index, e + "");
      }
      losing = true;
      lost = index;
    }
  }

  /// What waits for an agent waits for its new name from now on.
  synchronized void succeed(AgentId old, AgentId next) {
    Long chain = newest.remove(old);
    if (chain != null) {
      newest.put(next, chain);
    }
  }

  /// Everything that the entry has to tell has been added.
  synchronized void entryEnded(long index) {
    upTo = index;
    toldNow.forEach(listener -> listener.toldUpTo(index));
    toldNow.clear();
  }

  /// Lets the agent hear the log on this connection: first what it missed, then what comes.
  ///
  /// @param since the last index that the agent has
  Sent attach(AgentId agent, Listener connection, long since) throws InterruptedException {
    return tell(agent, connection, since, true);
  }

  /// Sends again what came after an index, to a connection that hears the log already.
  Sent resume(AgentId agent, Listener connection, long since) throws InterruptedException {
    return tell(agent, connection, since, false);
  }

  private Sent tell(AgentId agent, Listener connection, long since, boolean attach)
      throws InterruptedException {
    long told = Spool.NOTHING;
    boolean complete = true;
    while (true) {
      List<Long> missed = missed(agent, since, told);
      complete &= missed.size() < MAX_FRAMES;
      if (missed.size() <= LAST_STEP) {
        return lastStep(agent, connection, since, told, attach, complete);
      }
      for (long pointer : missed) {
        if (!connection.awaitRoom()) {
          return new Sent(since, false);
        }
        tell(connection, pointer);
      }
      told = missed.getLast();
    }
  }

  private synchronized Sent lastStep(
      AgentId agent, Listener connection, long since, long told, boolean attach, boolean complete) {
    // It was displaced while it came in: its successor may be listening already.
    if (connection.isShut()) {
      return new Sent(since, false);
    }
    for (long pointer : missed(agent, since, told)) {
      tell(connection, pointer);
    }
    if (attach) {
      connection.toldUpTo(upTo);
      listeners.put(agent, connection);
    }
    return new Sent(upTo, complete && since >= lost);
  }

  /// The agent's frames after an index and after a place, oldest first.
  private List<Long> missed(AgentId agent, long since, long told) {
    List<Long> missed = new ArrayList<>();
    try {
      long pointer = newestOf(agent);
      while (pointer > told && missed.size() < MAX_FRAMES) {
        Spool.Header header = spool.header(pointer);
        if (header.index() <= since) {
          break;
        }
        missed.add(pointer);
        pointer = header.previous();
      }
    } catch (IOException e) {
      throw new IllegalStateException("what agents missed cannot be read", e);
    }
    return missed.reversed();
  }

  /// Whether there ever was something for the agent.
  synchronized boolean concerns(AgentId agent) {
    return newest.containsKey(agent);
  }

  private synchronized long newestOf(AgentId agent) {
    return newest.getOrDefault(agent, Spool.NOTHING);
  }

  private void tell(Listener connection, long pointer) {
    try {
      connection.tell(spool.frame(pointer));
    } catch (IOException e) {
      throw new IllegalStateException("what agents missed cannot be read", e);
    }
  }

  /// The connection is gone, or another has the agent's place.
  synchronized void detach(AgentId agent, Listener connection) {
    listeners.remove(agent, connection);
  }

  /// Drops everything.
  @Override
  public void close() {
    spool.close();
  }
}
