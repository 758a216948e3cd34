package org.agentchat.tlog;

import java.util.List;

/// Shows that one leaf is in a tree (RFC 6962 section 2.1.1; verified as in RFC 9162 section
/// 2.1.3.2).
///
/// @param index of the leaf, from 0
/// @param size leaves in the tree, more than `index`
/// @param path the sibling hashes from the leaf's up to the root's child, at most [#MAX_PATH]
public record InclusionProof(long index, long size, List<TreeHash> path) {
  /// Hashes in a proof at the most: a tree of 2^63 leaves is 63 levels high.
  public static final int MAX_PATH = 63;

  /// @throws IllegalArgumentException if the index is not in the tree, or the path is too long
  public InclusionProof {
    if (index < 0 || index >= size) {
      throw new IllegalArgumentException("no leaf " + index + " in a tree of " + size);
    }
    path = List.copyOf(path);
    if (path.size() > MAX_PATH) {
      throw new IllegalArgumentException(
          "a path of " + path.size() + " hashes, at most " + MAX_PATH + " wanted");
    }
  }

  /// Whether the leaf with that hash is at [#index] of the tree with that root.
  public boolean proves(TreeHash leaf, TreeHash root) {
    long node = index;
    long last = size - 1;
    TreeHash hash = leaf;
    for (TreeHash sibling : path) {
      if (last == 0) {
        return false;
      }
      boolean right = (node & 1) == 1;
      if (right || node == last) {
        hash = TreeHash.node(sibling, hash);
        // A last node without a right sibling stands for itself on the levels above.
        int levels = right ? 0 : Long.numberOfTrailingZeros(node);
        node >>= levels;
        last >>= levels;
      } else {
        hash = TreeHash.node(hash, sibling);
      }
      node >>= 1;
      last >>= 1;
    }
    return last == 0 && hash.equals(root);
  }
}
