package org.agentchat.client;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/// Waits for facts. How long is no part of any test: only one that fails waits to the end.
final class Patience {
  /// A busy machine, with a core that others use as well.
  static final Duration LONG = Duration.ofSeconds(60);

  private Patience() {}

  static ConditionFactory await() {
    return Awaitility.await().atMost(LONG);
  }
}
