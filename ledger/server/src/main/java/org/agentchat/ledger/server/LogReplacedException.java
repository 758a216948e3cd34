package org.agentchat.ledger.server;

/// The rows were made from another log, or from more of this one than there is now: the log was
/// replaced or rolled back. Nothing is projected over them; somebody has to look.
public final class LogReplacedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  LogReplacedException(String message) {
    super(message);
  }

  static LogReplacedException shorter(long rows, long log) {
    return new LogReplacedException(
        "the database has read %d entries but the log has only %d: the log was replaced or rolled back; %s"
            .formatted(rows, log, REMEDY));
  }

  static LogReplacedException different(Position rows, String root) {
    return new LogReplacedException(
        "the first %d entries of the log have the root hash %s, those that the database has read had %s: the log was replaced; %s"
            .formatted(rows.size(), root, rows.rootHash(), REMEDY));
  }

  private static final String REMEDY =
      "if the log is right, rebuild the database from it (--rebuild)";
}
