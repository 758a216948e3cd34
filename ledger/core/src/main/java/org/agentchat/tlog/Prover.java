package org.agentchat.tlog;

import java.util.ArrayList;
import java.util.List;

/// Makes roots and proofs from the hashes of full subtrees, by the definitions of RFC 6962 section
/// 2.1, word for word. A proof asks for O(log size) subtrees.
public final class Prover {
  private final Subtrees subtrees;

  /// @param subtrees of a tree that is at least as large as every size asked for
  public Prover(Subtrees subtrees) {
    this.subtrees = subtrees;
  }

  /// The tree's head at that size.
  public TreeHead head(long size) {
    return size == 0 ? TreeHead.EMPTY : new TreeHead(size, hash(0, size));
  }

  /// Shows that a leaf is in the tree of that size.
  ///
  /// @throws IllegalArgumentException if it is not
  public InclusionProof inclusion(long index, long size) {
    List<TreeHash> path = new ArrayList<>();
    InclusionProof empty = new InclusionProof(index, size, path);
    path(empty.index(), 0, size, path);
    return new InclusionProof(index, size, path);
  }

  /// `PATH(m, D[n])`, for the leaves from `start` to `end`.
  private void path(long index, long start, long end, List<TreeHash> path) {
    if (end - start == 1) {
      return;
    }
    long middle = start + split(end - start);
    if (index < middle) {
      path(index, start, middle, path);
      path.add(hash(middle, end));
    } else {
      path(index, middle, end, path);
      path.add(hash(start, middle));
    }
  }

  /// Shows that the tree of the size `to` grew from that of the size `from`.
  ///
  /// @throws IllegalArgumentException if `from` is larger, or negative
  public ConsistencyProof consistency(long from, long to) {
    List<TreeHash> path = new ArrayList<>();
    if (0 < from && from < to) {
      subproof(from, 0, to, true, path);
    }
    return new ConsistencyProof(from, to, path);
  }

  /// `SUBPROOF(m, D[n], b)`.
  ///
  /// @param known whether the verifier has this subtree's hash: it is the earlier tree's root
  private void subproof(long from, long start, long end, boolean known, List<TreeHash> path) {
    if (from == end) {
      if (!known) {
        path.add(hash(start, end));
      }
      return;
    }
    long middle = start + split(end - start);
    if (from <= middle) {
      subproof(from, start, middle, known, path);
      path.add(hash(middle, end));
    } else {
      subproof(from, middle, end, false, path);
      path.add(hash(start, middle));
    }
  }

  /// `MTH(D[start:end])`. Every `start` that comes up here is a multiple of the range's size,
  /// rounded up to a power of two.
  private TreeHash hash(long start, long end) {
    long leaves = end - start;
    if (Long.bitCount(leaves) == 1) {
      int level = Long.numberOfTrailingZeros(leaves);
      return subtrees.hash(level, start >> level);
    }
    long middle = start + split(leaves);
    return TreeHash.node(hash(start, middle), hash(middle, end));
  }

  /// The largest power of two below `leaves`.
  private static long split(long leaves) {
    return Long.highestOneBit(leaves - 1);
  }
}
