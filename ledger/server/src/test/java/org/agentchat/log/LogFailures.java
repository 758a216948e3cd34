package org.agentchat.log;

/// Failures of a log, for fakes of it in other packages.
public final class LogFailures {
  private LogFailures() {}

  /// The log does not answer.
  public static LogUnavailableException away() {
    return LogUnavailableException.unreadable("the broker is away", null);
  }

  /// A record is missing.
  public static LogCorruptedException missing(long wanted, long found) {
    return LogCorruptedException.missing("a record is missing", wanted, found);
  }
}
