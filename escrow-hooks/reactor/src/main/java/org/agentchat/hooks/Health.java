package org.agentchat.hooks;

import org.jspecify.annotations.Nullable;

/// How a reactor is.
///
/// @param status what is the matter, if anything
/// @param reason one sentence, or null when all is well
/// @param read entries that hooks were planned from
/// @param logSize entries in the log when that was last asked; never less than `read`
public record Health(Status status, @Nullable String reason, long read, long logSize) {
  /// What may be the matter.
  public enum Status {
    /// Nothing.
    HEALTHY,
    /// The fold is being rebuilt, or the plans are far behind the log.
    CATCHING_UP,
    /// The database does not answer; it is tried again.
    DATABASE_AWAY,
    /// The log does not answer; it is tried again.
    LOG_AWAY,
    /// The reactor has stopped for good.
    STOPPED
  }

  /// Whether nothing is the matter.
  public boolean isHealthy() {
    return status == Status.HEALTHY;
  }

  /// Entries that were not planned from yet.
  public long lag() {
    return logSize - read;
  }
}
