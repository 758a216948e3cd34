package org.agentchat.hooks;

/// The outbox was planned from another log, or from more of this one than there is now: the log was
/// replaced or rolled back. Nothing is done from it; somebody has to look.
public final class LogReplacedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private static final String REMEDY =
      "find out why before anything else; nothing is delivered meanwhile. If the log that is there"
          + " is the right one, hooks begin anew with a new database (move the old one away), and"
          + " 'from' in the hooks' file says from where";

  private LogReplacedException(String message) {
    super(message);
  }

  static LogReplacedException shorter(long read, long log) {
    return new LogReplacedException(
        "hooks were planned from %d entries but the log has only %d: the log was replaced or rolled back; %s"
            .formatted(read, log, REMEDY));
  }

  static LogReplacedException different(ReadPosition read, String root) {
    return new LogReplacedException(
        "the first %d entries of the log have the root hash %s, those that hooks were planned from had %s: the log was replaced; %s"
            .formatted(read.size(), root, read.rootHash(), REMEDY));
  }
}
