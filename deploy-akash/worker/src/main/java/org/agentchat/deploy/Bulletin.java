package org.agentchat.deploy;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// What the worker saw last, for whoever asks how it is. The worker's thread writes, any thread
/// reads.
final class Bulletin {
  /// A node that is silent costs minutes, a log that is away costs one: a thread that gets nowhere
  /// for longer hangs.
  static final Duration PATIENCE = Duration.ofMinutes(10);

  private final InstantSource clock;
  private final ChainWatch chain;
  private final CompletableFuture<Void> stopped;
  private volatile WorkerHealth last;

  Bulletin(InstantSource clock, ChainWatch chain, CompletableFuture<Void> stopped) {
    this.clock = clock;
    this.chain = chain;
    this.stopped = stopped;
    this.last =
        new WorkerHealth(
            WorkerHealth.Status.CATCHING_UP,
            "the log is being read",
            0,
            clock.millis(),
            chain.seen(),
            List.of(),
            Map.of());
  }

  void write(
      long read, boolean heard, List<WorkerHealth.Open> deployments, Map<String, String> troubles) {
    WorkerHealth.Status status =
        !heard
            ? WorkerHealth.Status.LOG_AWAY
            : troubles.isEmpty() ? WorkerHealth.Status.HEALTHY : WorkerHealth.Status.STUCK;
    last =
        new WorkerHealth(
            status,
            heard ? sentence(troubles) : troubles.getOrDefault(Worker.LOG, "it has no name yet"),
            read,
            clock.millis(),
            chain.seen(),
            deployments,
            troubles);
  }

  private static @Nullable String sentence(Map<String, String> troubles) {
    return troubles.entrySet().stream()
        .min(Map.Entry.comparingByKey())
        .map(one -> one.getKey() + ": " + one.getValue())
        .orElse(null);
  }

  /// How the worker is, the worst first.
  WorkerHealth now() {
    WorkerHealth now = last.with(chain.seen());
    long silentMs = clock.millis() - now.lookedAt();
    if (stopped.isCompletedExceptionally()) {
      return now.with(WorkerHealth.Status.STOPPED, String.valueOf(stopped.exceptionNow()));
    }
    if (silentMs > PATIENCE.toMillis()) {
      return now.with(
          WorkerHealth.Status.STALLED,
          "the worker has got nowhere for %d s".formatted(silentMs / 1_000));
    }
    if (now.status() == WorkerHealth.Status.LOG_AWAY
        || now.chain().answers()
        || now.chain().since() == null) {
      return now;
    }
    return now.with(WorkerHealth.Status.CHAIN_AWAY, String.valueOf(now.chain().trouble()));
  }
}
