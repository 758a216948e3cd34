package org.agentchat.escrow.chain;

import java.util.Optional;
import java.util.SortedSet;
import java.util.stream.LongStream;

/// Which nonce a sender's next transaction gets.
///
/// @param stored one more than the largest that we ever gave away, 0 at the beginning
/// @param mined the sender's transactions in the chain
/// @param pending those and the ones that wait at the node without a gap
/// @param ours the nonces of our own transactions that are signed and may still matter
record Nonces(long stored, long mined, long pending, SortedSet<Long> ours) {
  /// More are never under way, so a gap is always found.
  static final int MAX_UNDER_WAY = 10_000;

  /// @throws IllegalArgumentException if the numbers are none of a node that is in its right mind
  Nonces {
    if (stored < 0 || mined < 0 || pending < mined) {
      throw new IllegalArgumentException(
          "nonces are 0 <= mined <= pending, not mined %d, pending %d, stored %d"
              .formatted(mined, pending, stored));
    }
  }

  /// The lowest gap, else the larger of what we and the node know.
  long next() {
    return gap().orElse(Math.max(stored, pending));
  }

  /// A nonce below our own that neither we nor the node have a transaction for: until it is used,
  /// everything above it waits for ever. It comes about when another program that has the key made
  /// a transaction which was dropped, or when our database is older than our transactions.
  Optional<Long> gap() {
    long end = Math.min(stored, pending + MAX_UNDER_WAY);
    return LongStream.range(pending, end)
        .filter(nonce -> !ours.contains(nonce))
        .boxed()
        .findFirst();
  }
}
