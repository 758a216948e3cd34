package org.agentchat.escrow.chain;

/// A block of the chain as a node sees it now.
///
/// @param number its height, 0 for the first block
/// @param hash its hash: the same height has another one after a reorganisation
public record BlockRef(long number, Hash hash) {
  /// @throws IllegalArgumentException if the height is negative
  public BlockRef {
    if (number < 0) {
      throw new IllegalArgumentException("a block's number is at least 0, not " + number);
    }
  }

  @Override
  public String toString() {
    return number + " (" + hash + ")";
  }
}
