package org.agentchat.akash.deployment;

import java.util.Optional;
import org.agentchat.akash.chain.Broadcast;
import org.agentchat.akash.chain.Included;

/// What became of a transaction, as far as it can be known. Only three things are proof: a block
/// has it; its last block has passed without it; another transaction has its sequence. A node
/// indexes a block a little later than it knows its height, so the last two count a few blocks
/// later.
sealed interface Fate {
  /// So many blocks later than its neighbours the slowest index is believed.
  int INDEX_BLOCKS = 4;

  /// Codes of the SDK after which the same order may still succeed: mempool full, sequence,
  /// time-out.
  private static boolean mayBeRepeated(Broadcast.Refused refused) {
    return refused.codespace().equals("sdk")
        && switch (refused.code()) {
          case 20, 30, 32 -> true;
          default -> false;
        };
  }

  record Done(long height) implements Fate {}

  record Undone(Included included) implements Fate {}

  record Never(boolean hopeless, String why) implements Fate {}

  /// Nobody knows; sending it again can do no harm.
  record Open() implements Fate {}

  /// What is seen of a pending transaction.
  ///
  /// @param included the block that has it
  /// @param sequence the account's, at present
  /// @param passedSince the height at which the sequence was first seen beyond the transaction's
  /// @param refused what the node said, if this process signed it and no other try came before
  record Sight(
      Optional<Included> included,
      long sequence,
      Optional<Long> passedSince,
      Optional<Broadcast.Refused> refused) {}

  static Fate of(Step.Signed signed, Sight sight, long height) {
    if (sight.included().isPresent()) {
      Included included = sight.included().get();
      return included.isDone() ? new Done(included.height()) : new Undone(included);
    }
    if (sight.refused().isPresent()) {
      Broadcast.Refused refused = sight.refused().get();
      return new Never(
          !mayBeRepeated(refused),
          "refused with code %d of %s: %s"
              .formatted(refused.code(), refused.codespace(), refused.log()));
    }
    if (height > signed.timeoutHeight() + INDEX_BLOCKS) {
      return new Never(false, "block %d has passed without it".formatted(signed.timeoutHeight()));
    }
    if (sight.passedSince().isPresent() && height > sight.passedSince().get() + INDEX_BLOCKS) {
      return new Never(
          false,
          "another transaction of the account has its sequence %d".formatted(signed.sequence()));
    }
    return new Open();
  }
}
