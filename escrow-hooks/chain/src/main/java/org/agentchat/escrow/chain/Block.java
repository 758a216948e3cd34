package org.agentchat.escrow.chain;

import java.math.BigInteger;
import java.util.List;

/// What we ask of a block.
///
/// @param ref its height and hash
/// @param parent the hash of the block before it
/// @param time when it was made, Unix seconds
/// @param baseFee what a unit of gas costs in it at least, wei
/// @param transactions hashes, in order
public record Block(
    BlockRef ref, Hash parent, long time, BigInteger baseFee, List<Hash> transactions) {
  public Block {
    transactions = List.copyOf(transactions);
  }
}
