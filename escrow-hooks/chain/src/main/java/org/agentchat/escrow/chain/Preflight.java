package org.agentchat.escrow.chain;

/// What came of trying a call before it is signed.
sealed interface Preflight {
  /// Nobody tried: it is signed already, or its sender lacks even the value.
  record NotTried() implements Preflight {}

  /// It would work.
  ///
  /// @param limit gas to allow, more than the estimate
  record Gas(long limit) implements Preflight {}

  /// The contract would refuse.
  record Reverts(ContractError error) implements Preflight {}

  /// The node would not try it.
  record Declined(String why) implements Preflight {}
}
