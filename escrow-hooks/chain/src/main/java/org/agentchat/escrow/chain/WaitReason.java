package org.agentchat.escrow.chain;

/// Why nothing is done for a request at the moment.
public enum WaitReason {
  /// A node has it, and it is in no block yet.
  PENDING,
  /// It is in a block that may still be taken back.
  CONFIRMING,
  /// The node contradicts itself.
  UNCLEAR,
  /// The sender cannot pay for it.
  INSUFFICIENT_FUNDS,
  /// The node would not even try it.
  NODE_DECLINES,
  /// It would have to offer more than the cap.
  FEES_ABOVE_CAP,
  /// A block has another transaction of the same nonce, and may still be taken back.
  NONCE_TAKEN,
  /// It has been replaced as often as it may be.
  TOO_MANY_ATTEMPTS,
  /// It is over.
  OVER
}
