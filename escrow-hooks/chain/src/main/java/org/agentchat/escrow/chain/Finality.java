package org.agentchat.escrow.chain;

/// When a block counts as one that stays.
public sealed interface Finality {
  /// What the chain itself calls `finalized`.
  record Tag() implements Finality {}

  /// When so many blocks are on top of it.
  ///
  /// @param blocks 0 trusts the newest block, which only a chain of one's own deserves
  record Depth(int blocks) implements Finality {
    /// More would be days on every chain that we know.
    static final int MAX_BLOCKS = 100_000;

    /// @throws IllegalArgumentException if it is out of 0 to 100,000
    public Depth {
      if (blocks < 0 || blocks > MAX_BLOCKS) {
        throw new IllegalArgumentException(
            "finality is a depth of 0 to %d blocks, not %d".formatted(MAX_BLOCKS, blocks));
      }
    }
  }

  /// `finalized`, or a number of blocks.
  ///
  /// @throws IllegalArgumentException if it is neither
  static Finality parse(String text) {
    if (text.equals("finalized")) {
      return new Tag();
    }
    try {
      return new Depth(Integer.parseInt(text));
    } catch (NumberFormatException _) {
      throw new IllegalArgumentException(
          "finality is 'finalized' or a number of blocks, not '" + text + "'");
    }
  }
}
