package org.agentchat.relay;

/// The wall clock, handed in so that tests can turn it.
@FunctionalInterface
interface RelayClock {
  /// Milliseconds since 1970, UTC.
  long millis();
}
