package org.agentchat.tlog;

import java.util.List;

/// A run of up to 256 hashes at one level of the tree, and the subtrees over them (C2SP
/// tlog-tiles).
///
/// @param hashes 1 to [TilePath#FULL]
public record Tile(List<TreeHash> hashes) {
  /// @throws IllegalArgumentException if there are none, or too many
  public Tile {
    hashes = List.copyOf(hashes);
    if (hashes.isEmpty() || hashes.size() > TilePath.FULL) {
      throw new IllegalArgumentException(
          "a tile has 1 to " + TilePath.FULL + " hashes, not " + hashes.size());
    }
  }

  /// Reads a tile's bytes.
  ///
  /// @param width how many hashes it must have
  /// @throws IllegalArgumentException if it has another length
  public static Tile decode(byte[] bytes, int width) {
    if (bytes.length != width * TreeHash.BYTES) {
      throw new IllegalArgumentException(
          "a tile of " + bytes.length + " bytes, " + width * TreeHash.BYTES + " wanted");
    }
    TreeHash[] hashes = new TreeHash[width];
    for (int i = 0; i < width; i++) {
      hashes[i] = TreeHash.at(bytes, i * TreeHash.BYTES);
    }
    return new Tile(List.of(hashes));
  }

  /// The hashes, one after another.
  public byte[] encode() {
    byte[] bytes = new byte[hashes.size() * TreeHash.BYTES];
    for (int i = 0; i < hashes.size(); i++) {
      System.arraycopy(hashes.get(i).raw(), 0, bytes, i * TreeHash.BYTES, TreeHash.BYTES);
    }
    return bytes;
  }

  /// The hash of a full subtree in this tile.
  ///
  /// @param height 0 for one of the tile's own hashes, 8 for the whole tile
  /// @param index among the subtrees of that height
  /// @throws IndexOutOfBoundsException if the tile has not all of that subtree
  public TreeHash hash(int height, int index) {
    return height == 0
        ? hashes.get(index)
        : TreeHash.node(hash(height - 1, 2 * index), hash(height - 1, 2 * index + 1));
  }
}
