package org.agentchat.cli;

/// What a command's exit code says. The list in `agentchat --help` is made of the same words.
final class Exit {
  /// It is done.
  static final int OK = 0;

  /// The server refused, or something failed on the way.
  static final int FAILED = 1;

  /// The command line makes no sense.
  static final int USAGE = 2;

  /// What was recomputed differs from what is published.
  static final int DIFFERENCE = 3;

  // From 10 to 17: org.agentchat.receipt.ReceiptCode.Group, for a file that is verified.

  /// The contract on the chain refuses.
  static final int CONTRACT_REFUSED = 20;

  /// The node is on another chain than the one that is meant.
  static final int WRONG_CHAIN = 21;

  /// A transaction is not where it should be in the time that was given.
  static final int NOT_FINAL = 22;

  /// No server answers, or something that AgentChat needs is missing (`EX_UNAVAILABLE` of
  /// sysexits).
  static final int UNREACHABLE = 69;

  /// AgentChat itself is wrong (`EX_SOFTWARE`).
  static final int BUG = 70;

  private Exit() {}
}
