package org.agentchat.client;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// The listeners of one client, called in order on one virtual thread, which lives from [#start] to
/// [#stop]. A listener that throws is logged and called again next time.
final class Listeners {
  /// Most frames that may wait for a listener. When one more comes, the connection is ended: a
  /// listener that slow would otherwise hear an ever older past.
  static final int MAX_WAITING_FRAMES = 8192;

  /// Most characters that may wait, so that long frames do not fill the memory.
  static final long MAX_WAITING_CHARS = 32L * 1024 * 1024;

  private static final Logger LOG = System.getLogger(Listeners.class.getName());

  private sealed interface Notice {
    record Heard(ServerFrame frame) implements Notice {}

    record Lost(Disconnected event) implements Notice {}

    record Back(Reconnected event) implements Notice {}

    record Stop() implements Notice {}
  }

  private final List<Consumer<ServerFrame>> onFrame = new CopyOnWriteArrayList<>();
  private final List<Consumer<Disconnected>> onDisconnect = new CopyOnWriteArrayList<>();
  private final List<Consumer<Reconnected>> onReconnect = new CopyOnWriteArrayList<>();

  /// Frames are bounded by the two limits; ends and returns are as rare as connections.
  private final BlockingQueue<Notice> queue = new LinkedBlockingQueue<>();

  private final AtomicInteger waitingFrames = new AtomicInteger();
  private final AtomicLong waitingChars = new AtomicLong();

  Subscription onFrame(Consumer<ServerFrame> listener) {
    return register(onFrame, listener);
  }

  Subscription onDisconnect(Consumer<Disconnected> listener) {
    return register(onDisconnect, listener);
  }

  Subscription onReconnect(Consumer<Reconnected> listener) {
    return register(onReconnect, listener);
  }

  private static <E> Subscription register(List<Consumer<E>> all, Consumer<E> listener) {
    // A wrapper of its own, so that a listener registered twice is two subscriptions.
    Consumer<E> own = event -> listener.accept(event);
    all.add(own);
    return () -> all.remove(own);
  }

  void start() {
    Thread.ofVirtual().name("agentchat-client-listen").start(this::run);
  }

  /// Ends the thread when what waits has been told.
  void stop() {
    queue.add(new Notice.Stop());
  }

  /// Queues a frame; called by one thread at a time.
  ///
  /// @return false if too much waits already; the frame is then not told
  boolean offer(ServerFrame frame) {
    if (onFrame.isEmpty()) {
      return true;
    }
    int length = frame.text().length();
    if (waitingFrames.get() >= MAX_WAITING_FRAMES
        || waitingChars.get() + length > MAX_WAITING_CHARS) {
      return false;
    }
    waitingFrames.incrementAndGet();
    waitingChars.addAndGet(length);
    queue.add(new Notice.Heard(frame));
    return true;
  }

  void tell(Disconnected event) {
    queue.add(new Notice.Lost(event));
  }

  void tell(Reconnected event) {
    queue.add(new Notice.Back(event));
  }

  private void run() {
    try {
      while (tellNext()) {
        // until stopped
      }
    } catch (InterruptedException e) {
      LOG.log(Level.WARNING, "the listeners' thread was interrupted", e);
    }
  }

  private boolean tellNext() throws InterruptedException {
    switch (queue.take()) {
      case Notice.Heard(ServerFrame frame) -> {
        waitingFrames.decrementAndGet();
        waitingChars.addAndGet(-frame.text().length());
        call(onFrame, frame);
      }
      case Notice.Lost(Disconnected event) -> call(onDisconnect, event);
      case Notice.Back(Reconnected event) -> call(onReconnect, event);
      case Notice.Stop _ -> {
        return false;
      }
    }
    return true;
  }

  private static <E> void call(List<Consumer<E>> all, E event) {
    for (Consumer<E> listener : all) {
      try {
        listener.accept(event);
      } catch (RuntimeException | Error e) {
        // The top of the thread: one broken listener must not make the others deaf.
        LOG.log(Level.WARNING, "a listener failed", e);
      }
      var _ = Thread.interrupted();
    }
  }
}
