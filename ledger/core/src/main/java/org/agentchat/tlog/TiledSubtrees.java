package org.agentchat.tlog;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/// A tree's subtrees, read from its tiles. Each tile is fetched once and each hash made once, and
/// kept: made for one question, or for some that concern few tiles. Not thread-safe.
public final class TiledSubtrees implements Subtrees {
  private final long size;
  private final Function<TilePath, Tile> tiles;
  private final Map<TilePath, Tile> fetched = new HashMap<>();
  private final Map<Place, TreeHash> made = new HashMap<>();

  /// A subtree.
  private record Place(int level, long index) {}

  /// @param size of the tree, which says how wide its last tiles are
  /// @param tiles fetches a tile that a tree of that size has
  public TiledSubtrees(long size, Function<TilePath, Tile> tiles) {
    this.size = size;
    this.tiles = tiles;
  }

  @Override
  public TreeHash hash(int level, long index) {
    return made.computeIfAbsent(new Place(level, index), this::make);
  }

  private TreeHash make(Place place) {
    int level = place.level();
    long index = place.index();
    // A whole tile's hash is also in the tile above, where a neighbour of it may be fetched too.
    int tileLevel = level / TilePath.HEIGHT;
    int height = level % TilePath.HEIGHT;
    long first = index << height;
    TilePath path =
        TilePath.in(size, tileLevel, first / TilePath.FULL)
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "no subtree " + index + " of level " + level + " in a tree of " + size));
    Tile tile = fetched.computeIfAbsent(path, tiles);
    return tile.hash(height, (int) (first % TilePath.FULL) >> height);
  }
}
