package org.agentchat.tlog;

/// The hashes of a tree's full subtrees: all that a [Prover] needs to know of it.
@FunctionalInterface
public interface Subtrees {
  /// The hash over the leaves from `index * 2^level` up to, not including, `(index + 1) * 2^level`;
  /// all of them are in the tree.
  ///
  /// @param level 0 for leaves, at most 62
  TreeHash hash(int level, long index);
}
