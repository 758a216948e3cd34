package org.agentchat.relay;

import java.time.Duration;
import org.agentchat.schemas.message.ErrorCode;
import org.jspecify.annotations.Nullable;

/// Keeps a connection that was opened a short time ago from writing to agents, be it a message or a
/// piece of a file (protocol.md section 8.7).
///
/// @param after how old a connection must be; zero: any may
record AgeGate(Duration after, RelayClock clock) {
  /// Refuses a connection that is too young.
  ///
  /// @return whether it was refused
  boolean refuses(Connection connection, @Nullable String clientMsgId) {
    long wait = connection.openedAt() + after.toMillis() - clock.millis();
    if (after.isZero() || wait <= 0) {
      return false;
    }
    connection.refuse(
        ErrorCode.DM_AGE_GATE,
        "DMs locked for first %d min. %ds remaining."
            .formatted(after.toMinutes(), Math.ceilDiv(wait, 1_000)),
        clientMsgId);
    return true;
  }
}
