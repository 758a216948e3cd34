package org.agentchat.tlog;

/// What a tree is at one size.
///
/// @param size leaves, at least 0
/// @param root hash over all of them
public record TreeHead(long size, TreeHash root) {
  /// The tree without leaves.
  public static final TreeHead EMPTY = new TreeHead(0, TreeHash.EMPTY);

  /// @throws IllegalArgumentException if the size is negative
  public TreeHead {
    if (size < 0) {
      throw new IllegalArgumentException("a tree has no negative size: " + size);
    }
  }
}
