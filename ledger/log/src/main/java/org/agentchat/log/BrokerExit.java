package org.agentchat.log;

import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.function.Consumer;
import org.apache.kafka.common.utils.Exit;
import org.jspecify.annotations.Nullable;

/// Keeps a broker that gives up from ending our process.
///
/// Kafka calls `Exit.halt` when, say, its disk is full, and `Exit` is one for the whole process:
/// hence the static state. Which broker it was cannot be told, so every broker of the process hears
/// of it; outside of tests there is one.
final class BrokerExit {

  private static final Set<Consumer<String>> LISTENERS = new CopyOnWriteArraySet<>();

  private BrokerExit() {}

  /// From now on the listener is told, on the thread that gave up, why a broker gave up.
  static void listen(Consumer<String> listener) {
    LISTENERS.add(listener);
    Exit.setExitProcedure(BrokerExit::gaveUp);
    Exit.setHaltProcedure(BrokerExit::gaveUp);
  }

  /// The procedures stay: a late thread of a closed broker must not end the process either.
  static void forget(Consumer<String> listener) {
    LISTENERS.remove(listener);
  }

  private static void gaveUp(int status, @Nullable String message) {
    String reason =
        "%s (thread %s, status %d)"
            .formatted(
                message == null ? "Kafka logged the reason" : message,
                Thread.currentThread().getName(),
                status);
    LISTENERS.forEach(listener -> listener.accept(reason));
    // Kafka's code counts on not coming back from here: this ends its thread.
    throw new BrokerGaveUp(reason);
  }

  /// Ends a broker's thread.
  static final class BrokerGaveUp extends Error {
    private static final long serialVersionUID = 1L;

    BrokerGaveUp(String reason) {
      super(reason);
    }
  }
}
