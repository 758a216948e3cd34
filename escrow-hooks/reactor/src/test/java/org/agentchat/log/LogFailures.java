package org.agentchat.log;

/// Failures of a log that tests throw.
public final class LogFailures {
  private LogFailures() {}

  /// The log does not answer.
  public static LogException away() {
    return LogUnavailableException.unreadable("the broker is away", null);
  }
}
