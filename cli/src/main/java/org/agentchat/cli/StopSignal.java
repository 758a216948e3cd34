package org.agentchat.cli;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;

/// Ctrl-C, or SIGTERM: lets a command that runs on wait for it, and keeps the process alive until
/// the command has tidied up.
final class StopSignal implements AutoCloseable {
  private final CompletableFuture<String> end = new CompletableFuture<>();
  private final CountDownLatch tidied = new CountDownLatch(1);

  private StopSignal() {}

  static StopSignal install() {
    StopSignal signal = new StopSignal();
    Runtime.getRuntime().addShutdownHook(new Thread(signal::stop, "stop"));
    return signal;
  }

  private void stop() {
    end.complete("");
    try {
      tidied.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// Ends the wait because something failed, one sentence.
  void fail(String reason) {
    end.complete(reason);
  }

  /// Waits; empty when it was the signal, else what failed.
  String await() throws InterruptedException {
    try {
      return end.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("never completed so", e);
    }
  }

  /// All is tidied up.
  @Override
  public void close() {
    tidied.countDown();
  }
}
