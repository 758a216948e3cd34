package org.agentchat.ledger.server;

import org.jspecify.annotations.Nullable;

/// How the server is.
///
/// @param status what is the matter, if anything
/// @param reason one sentence, or null when all is well
/// @param size entries that the rows have read
/// @param logSize entries in the log when that was last asked; never less than `size`
public record Health(Status status, @Nullable String reason, long size, long logSize) {
  /// What may be the matter.
  public enum Status {
    /// Nothing.
    HEALTHY,
    /// The fold is being rebuilt, or the rows are far behind the log.
    CATCHING_UP,
    /// The database does not answer; it is tried again.
    DATABASE_AWAY,
    /// The log does not answer; it is tried again.
    LOG_AWAY,
    /// Rows are well, but no checkpoint is signed.
    TREE_NOT_SIGNED,
    /// The projector has stopped for good; reading goes on.
    STOPPED
  }

  /// Whether nothing is the matter.
  public boolean isHealthy() {
    return status == Status.HEALTHY;
  }

  Health with(Status other, String why) {
    return new Health(other, why, size, logSize);
  }

  /// Entries that the rows have not read yet.
  public long lag() {
    return logSize - size;
  }
}
