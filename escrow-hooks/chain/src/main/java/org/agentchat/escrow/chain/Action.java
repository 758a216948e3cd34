package org.agentchat.escrow.chain;

import java.util.Optional;

/// The next thing to do for a request.
sealed interface Action {
  /// Take the next nonce, sign and store.
  record Sign(Fees fees, long gasLimit) implements Action {}

  /// Sign the same nonce once more, for more, and store.
  record Replace(Fees fees, long gasLimit) implements Action {}

  /// Hand stored bytes to the node.
  record Send(Attempt attempt) implements Action {}

  /// Note the block that it is in now.
  record Include(Inclusion where) implements Action {}

  /// Note that a reorganisation took its block away.
  record Unmine() implements Action {}

  /// Note that it is done for good.
  record Finish(Inclusion where) implements Action {}

  /// Note that the contract has refused for good.
  record Refuse(ContractError error, Optional<Inclusion> where) implements Action {}

  /// Note that somebody else's transaction has taken the nonce for good.
  record GiveUp() implements Action {}

  /// Look again at the next block.
  record Wait(WaitReason reason, String detail) implements Action {}
}
