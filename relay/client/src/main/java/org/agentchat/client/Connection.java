package org.agentchat.client;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// One WebSocket from its opening to its end: whole text frames in and out, pings, and one reason
/// for the end. It knows nothing of what the frames say.
///
/// Threads: frames and the end arrive on a thread of the HTTP client, one at a time, and must be
/// handled without waiting; one virtual thread writes, one watches for silence.
final class Connection implements WebSocket.Listener {
  /// Most frames that may wait to be written; a relay that takes none for so long has fallen
  /// behind.
  static final int MAX_OUTBOX_FRAMES = 1024;

  /// Most characters that may wait to be written, so that long frames do not fill the memory.
  static final long MAX_OUTBOX_CHARS = 16L * 1024 * 1024;

  /// How long a relay may take to return our Close before the line is cut.
  private static final Duration GOODBYE = Duration.ofSeconds(2);

  /// Longest reason in a Close frame, in bytes (RFC 6455 section 5.5); ours is ASCII.
  private static final int MAX_REASON_CHARS = 120;

  /// What the connection reports to.
  interface Receiver {
    /// A whole text frame.
    void onText(String text);

    /// The end; nothing comes after it. Called once, on any thread.
    ///
    /// @param reason one sentence
    void onEnd(String reason);
  }

  private final Receiver receiver;
  private final Timeouts timeouts;
  private final FrameAssembly assembly = new FrameAssembly();
  private final BlockingQueue<String> outbox = new LinkedBlockingQueue<>(MAX_OUTBOX_FRAMES);
  private final AtomicLong outboxChars = new AtomicLong();
  private final AtomicBoolean ended = new AtomicBoolean();
  private final CountDownLatch over = new CountDownLatch(1);
  private final CountDownLatch inputClosed = new CountDownLatch(1);
  private volatile long lastHeard = System.nanoTime();
  private volatile @Nullable WebSocket socket;
  private volatile @Nullable Thread writer;

  Connection(Receiver receiver, Timeouts timeouts) {
    this.receiver = receiver;
    this.timeouts = timeouts;
  }

  /// Opens the WebSocket.
  ///
  /// @throws ConnectFailedException if it does not open within the connect time-out
  void open(HttpClient http, URI uri) {
    Duration patience = timeouts.connect();
    try {
      http.newWebSocketBuilder()
          .connectTimeout(patience)
          .buildAsync(uri, this)
          .get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      var _ = end("never opened");
      throw OpeningProblem.of(uri, patience, e.getCause() == null ? e : e.getCause());
    } catch (TimeoutException e) {
      var _ = end("never opened");
      throw OpeningProblem.of(uri, patience, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      var _ = end("never opened");
      throw OpeningProblem.of(uri, patience, e);
    }
  }

  /// Queues a frame.
  ///
  /// @throws OverloadedException if too much waits already
  void send(String text) {
    if (outboxChars.addAndGet(text.length()) > MAX_OUTBOX_CHARS || !outbox.offer(text)) {
      outboxChars.addAndGet(-text.length());
      throw new OverloadedException("the relay does not take our frames fast enough; not sent");
    }
  }

  @Override
  public void onOpen(WebSocket opened) {
    socket = opened;
    if (ended.get()) {
      opened.abort();
      return;
    }
    lastHeard = System.nanoTime();
    writer = Thread.ofVirtual().name("agentchat-client-write").start(() -> write(opened));
    Thread.ofVirtual().name("agentchat-client-watch").start(() -> watch(opened));
    // What comes in is handed on at once and bounded there, so there is nothing to hold back here.
    opened.request(Long.MAX_VALUE);
  }

  /// The JDK takes one frame at a time.
  private void write(WebSocket opened) {
    try {
      while (!ended.get()) {
        String text = outbox.take();
        outboxChars.addAndGet(-text.length());
        opened.sendText(text, true).get();
      }
    } catch (ExecutionException e) {
      drop("cannot write: " + Texts.of(e.getCause() == null ? e : e.getCause()));
    } catch (InterruptedException _) {
      // Only end() interrupts: the thread is done.
    }
  }

  private void watch(WebSocket opened) {
    try {
      while (!ended.get()) {
        Duration quiet = Duration.ofNanos(System.nanoTime() - lastHeard);
        Duration left = timeouts.silence().minus(quiet);
        if (!left.isPositive()) {
          drop("nothing was heard for " + Texts.of(timeouts.silence()));
          return;
        }
        Duration pause = left.compareTo(timeouts.ping()) < 0 ? left : timeouts.ping();
        if (!over.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
          // Whether the ping goes out does not matter: what is heard decides.
          var _ = opened.sendPing(ByteBuffer.allocate(0));
        }
      }
    } catch (InterruptedException _) {
      drop("the watching thread was interrupted");
    }
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
    lastHeard = System.nanoTime();
    if (ended.get()) {
      return null;
    }
    if (assembly.overflows(part)) {
      drop("the relay sent a frame of more than " + FrameAssembly.MAX_CHARS + " characters");
      return null;
    }
    assembly.add(part, last).ifPresent(receiver::onText);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer part, boolean last) {
    lastHeard = System.nanoTime();
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onPing(WebSocket from, ByteBuffer message) {
    lastHeard = System.nanoTime();
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onPong(WebSocket from, ByteBuffer message) {
    lastHeard = System.nanoTime();
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
    inputClosed.countDown();
    var _ =
        end(
            "the relay closed the connection ("
                + code
                + (reason.isEmpty() ? "" : " " + reason)
                + ")");
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable error) {
    inputClosed.countDown();
    var _ = end("the connection broke: " + Texts.of(error));
    from.abort();
  }

  /// Ends the connection from this side without waiting.
  ///
  /// @param reason one sentence in ASCII
  void drop(String reason) {
    WebSocket open = socket;
    if (end(reason) && open != null) {
      String said = reason.substring(0, Math.min(reason.length(), MAX_REASON_CHARS));
      Thread.ofVirtual().name("agentchat-client-drop").start(() -> sayGoodbye(open, said));
    }
  }

  /// Ends the connection politely, waiting for the other side, but not for long.
  void close(String reason) {
    WebSocket open = socket;
    if (end(reason) && open != null) {
      sayGoodbye(open, "");
    }
  }

  private void sayGoodbye(WebSocket open, String reason) {
    try {
      var _ = open.sendClose(WebSocket.NORMAL_CLOSURE, reason);
      var _ = inputClosed.await(GOODBYE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    open.abort();
  }

  private boolean end(String reason) {
    if (!ended.compareAndSet(false, true)) {
      return false;
    }
    over.countDown();
    Thread writing = writer;
    if (writing != null) {
      writing.interrupt();
    }
    receiver.onEnd(reason);
    return true;
  }
}
