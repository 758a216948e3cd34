package org.agentchat.akash.chain;

/// What the node says to a transaction, before any block has it.
public sealed interface Broadcast {
  /// It is in the mempool, now or already. That is no promise.
  record Taken() implements Broadcast {}

  /// It is not in this node's mempool.
  ///
  /// @param code 32 is a wrong sequence, 13 too low a fee, 5 too little money
  record Refused(int code, String codespace, String log) implements Broadcast {}

  /// Nobody knows whether it arrived.
  record Unknown(String why) implements Broadcast {}
}
