package org.agentchat.relay;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.agentchat.schemas.message.ServerMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Says in channels what the log says, on a thread of its own: the tailer, which hands it over,
/// never waits for a channel.
final class Crier implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Crier.class);

  /// Announcements that wait at the most; those beyond are dropped, for chat is no promise.
  private static final int MAX_WAITING = 1_024;

  /// @param kept whether those who join later hear it too
  private record Announcement(String channel, String text, boolean kept) {}

  private final Channels channels;
  private final RelayClock clock;
  private final RelayMetrics metrics;
  private final BlockingQueue<Announcement> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
  private final Thread thread;

  Crier(Channels channels, RelayClock clock, RelayMetrics metrics) {
    this.channels = channels;
    this.clock = clock;
    this.metrics = metrics;
    this.thread = Thread.ofVirtual().name("crier").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /// Says it to who is in the channel now, and to those who join soon.
  void post(String channel, String text) {
    offer(new Announcement(channel, text, true));
  }

  /// Says it to who is in the channel now.
  void say(String channel, String text) {
    offer(new Announcement(channel, text, false));
  }

  private void offer(Announcement announcement) {
    if (!waiting.offer(announcement)) {
      metrics.bountyDropped();
    }
  }

  private void run() {
    try {
      while (true) {
        Announcement next = waiting.take();
        try {
          cry(next);
        } catch (RuntimeException e) {
          // The top of the thread: the next one can still be said.
          LOG.error("a bug: nothing was announced in {}", next.channel(), e);
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void cry(Announcement announcement) {
    String channel = announcement.channel();
    ServerMessage.Msg message =
        new Answers(clock, null).serverMessage(channel, announcement.text());
    if (announcement.kept()) {
      channels.announce(channel, message);
    } else {
      channels.find(channel).ifPresent(found -> found.broadcast(message));
    }
  }

  /// Announces nothing more.
  @Override
  public void close() {
    thread.interrupt();
    Threads.join(thread);
  }
}
