package org.agentchat.client;

/// A registered listener.
@FunctionalInterface
public interface Subscription extends AutoCloseable {
  /// Unsubscribes; a call that has begun still ends. Idempotent.
  @Override
  void close();
}
