package org.agentchat.escrow.chain;

import java.util.List;

/// What a contract reported in a transaction.
///
/// @param address the contract
/// @param topics what it can be found by, the first names the kind
/// @param data everything else, `0x` and hexadecimal digits
/// @param block where it is
/// @param transaction the hash of the transaction
/// @param index its place in the block
public record ChainLog(
    Address address, List<Hash> topics, String data, BlockRef block, Hash transaction, long index) {
  public ChainLog {
    topics = List.copyOf(topics);
  }
}
