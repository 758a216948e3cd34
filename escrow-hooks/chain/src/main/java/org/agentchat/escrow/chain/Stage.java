package org.agentchat.escrow.chain;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// How far a request has come. Only [Planned], [Signed], [Sent] and [Mined] can still change.
public sealed interface Stage {
  /// Wanted and written down, no more.
  record Planned() implements Stage {}

  /// Signed and stored, perhaps sent: after a crash nobody knows, so the same bytes are sent again.
  ///
  /// @param nonce of every attempt
  /// @param attempts the first one
  record Signed(long nonce, List<Attempt> attempts) implements Stage {
    /// @throws IllegalArgumentException if there is no attempt
    public Signed {
      attempts = some(attempts);
    }
  }

  /// Handed to a node at least once, or found to be no longer in any block.
  ///
  /// @param nonce of every attempt
  /// @param attempts oldest first; the last may be signed and not sent yet
  record Sent(long nonce, List<Attempt> attempts) implements Stage {
    /// @throws IllegalArgumentException if there is no attempt
    public Sent {
      attempts = some(attempts);
    }
  }

  /// In a block that may still be taken back.
  ///
  /// @param nonce of every attempt
  /// @param attempts oldest first
  /// @param where the attempt that was mined, and its block
  record Mined(long nonce, List<Attempt> attempts, Inclusion where) implements Stage {
    /// @throws IllegalArgumentException if there is no attempt
    public Mined {
      attempts = some(attempts);
    }
  }

  /// In a block that stays, and it did what was wanted.
  ///
  /// @param nonce of every attempt
  /// @param attempts oldest first
  /// @param where the attempt that was mined, and its block
  record Final(long nonce, List<Attempt> attempts, Inclusion where) implements Stage {
    /// @throws IllegalArgumentException if there is no attempt
    public Final {
      attempts = some(attempts);
    }
  }

  /// Refused by the contract: in a block that stays, or already when its gas was estimated, and
  /// then nothing was signed and no nonce used.
  ///
  /// @param error what the contract said
  /// @param nonce that was used, absent when it was never signed
  /// @param where the block, absent when it was never signed
  record Reverted(ContractError error, OptionalLong nonce, Optional<Inclusion> where)
      implements Stage {}

  /// Never to be mined: a block that stays has somebody else's transaction of the same nonce and
  /// sender. The wish may be planned again.
  ///
  /// @param nonce that was taken
  record Replaced(long nonce) implements Stage {}

  /// Whether nothing more will happen to it.
  default boolean isOver() {
    return switch (this) {
      case Planned _, Signed _, Sent _, Mined _ -> false;
      case Final _, Reverted _, Replaced _ -> true;
    };
  }

  private static List<Attempt> some(List<Attempt> attempts) {
    if (attempts.isEmpty()) {
      throw new IllegalArgumentException("what is signed has an attempt at least");
    }
    return List.copyOf(attempts);
  }
}
