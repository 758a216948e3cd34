package org.agentchat.tlog;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/// Shows that a tree grew from a smaller one: nothing in it was changed or taken away (RFC 6962
/// section 2.1.2; verified as in RFC 9162 section 2.1.4.2).
///
/// @param from size of the earlier tree, at least 0
/// @param to size of the later tree, at least `from`
/// @param path at most [InclusionProof#MAX_PATH] hashes; none when a size is 0 or both are equal
public record ConsistencyProof(long from, long to, List<TreeHash> path) {
  /// @throws IllegalArgumentException if the tree shrinks, or the path is too long
  public ConsistencyProof {
    if (from < 0 || from > to) {
      throw new IllegalArgumentException("no tree of " + to + " grew from one of " + from);
    }
    path = List.copyOf(path);
    if (path.size() > InclusionProof.MAX_PATH) {
      throw new IllegalArgumentException(
          "a path of " + path.size() + " hashes, at most " + InclusionProof.MAX_PATH + " wanted");
    }
  }

  /// Whether the tree with the root `after` begins with all that the tree with the root `before`
  /// has.
  public boolean proves(TreeHash before, TreeHash after) {
    if (from == to) {
      return path.isEmpty() && before.equals(after);
    }
    if (from == 0) {
      return path.isEmpty() && before.equals(TreeHash.EMPTY);
    }
    Deque<TreeHash> hashes = new ArrayDeque<>(path);
    if (Long.bitCount(from) == 1) {
      hashes.addFirst(before);
    }
    return !hashes.isEmpty() && climb(hashes, before, after);
  }

  private boolean climb(Deque<TreeHash> hashes, TreeHash before, TreeHash after) {
    int levels = Long.numberOfTrailingZeros(from);
    long node = (from - 1) >> levels;
    long last = (to - 1) >> levels;
    TreeHash smaller = hashes.removeFirst();
    TreeHash larger = smaller;
    for (TreeHash sibling : hashes) {
      if (last == 0) {
        return false;
      }
      boolean right = (node & 1) == 1;
      if (right || node == last) {
        smaller = TreeHash.node(sibling, smaller);
        larger = TreeHash.node(sibling, larger);
        int skipped = right ? 0 : Long.numberOfTrailingZeros(node);
        node >>= skipped;
        last >>= skipped;
      } else {
        larger = TreeHash.node(larger, sibling);
      }
      node >>= 1;
      last >>= 1;
    }
    return last == 0 && smaller.equals(before) && larger.equals(after);
  }
}
