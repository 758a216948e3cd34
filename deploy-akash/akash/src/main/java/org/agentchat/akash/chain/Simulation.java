package org.agentchat.akash.chain;

/// What the chain says would come of a transaction.
public sealed interface Simulation {
  /// It would be done, for so much gas.
  record Gas(long used) implements Simulation {}

  /// It would fail.
  record Refused(String reason) implements Simulation {}
}
