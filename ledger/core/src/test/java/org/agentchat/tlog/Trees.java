package org.agentchat.tlog;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;

/// Trees for tests, by the definition of RFC 6962 and as slow as it reads.
final class Trees {
  private Trees() {}

  static List<TreeHash> leaves(int size) {
    return IntStream.range(0, size)
        .mapToObj(i -> TreeHash.ofLeaf(("leaf " + i).getBytes(StandardCharsets.UTF_8)))
        .toList();
  }

  /// `MTH(D[n])`.
  static TreeHash root(List<TreeHash> leaves) {
    int size = leaves.size();
    if (size == 0) {
      return TreeHash.EMPTY;
    }
    if (size == 1) {
      return leaves.getFirst();
    }
    int split = Integer.highestOneBit(size - 1);
    return TreeHash.node(root(leaves.subList(0, split)), root(leaves.subList(split, size)));
  }

  static Subtrees subtrees(List<TreeHash> leaves) {
    return (level, index) -> root(leaves.subList((int) index << level, (int) (index + 1) << level));
  }

  /// The tile as a log of these leaves would serve it.
  static Tile tile(List<TreeHash> leaves, TilePath path) {
    int span = 1 << (TilePath.HEIGHT * path.level());
    int first = (int) path.index() * TilePath.FULL;
    return new Tile(
        IntStream.range(first, first + path.width())
            .mapToObj(i -> root(leaves.subList(i * span, (i + 1) * span)))
            .toList());
  }
}
