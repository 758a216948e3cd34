package org.agentchat.relay;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Does what is due in the chat by time alone: callbacks and verifications once a second, silent
/// and empty channels once a minute.
final class ChatRounds implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ChatRounds.class);
  private static final long SECOND_MILLIS = 1_000;
  private static final long MINUTE_MILLIS = 60_000;

  private final ChatDesk desk;
  private final RelayClock clock;
  private final Thread thread = Thread.ofVirtual().name("chat-rounds").unstarted(this::run);
  private long lastMinute;

  ChatRounds(ChatDesk desk, RelayClock clock) {
    this.desk = desk;
    this.clock = clock;
    this.lastMinute = clock.millis();
  }

  void start() {
    thread.start();
  }

  private void run() {
    try {
      while (true) {
        Thread.sleep(SECOND_MILLIS);
        look(clock.millis());
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void look(long now) {
    try {
      desk.everySecond(now);
      if (now - lastMinute >= MINUTE_MILLIS) {
        lastMinute = now;
        desk.everyMinute(now);
      }
    } catch (RuntimeException e) {
      // The next round still wants to be made.
      LOG.error("a bug in a round of the chat", e);
    }
  }

  @Override
  public void close() {
    thread.interrupt();
    Threads.join(thread);
  }
}
