package org.agentchat.ledger.tree;

import java.util.ArrayList;
import java.util.List;
import org.agentchat.tlog.EntryBundle;
import org.agentchat.tlog.Tile;
import org.agentchat.tlog.TilePath;
import org.agentchat.tlog.TreeHash;
import org.agentchat.tlog.TreeHead;
import org.jspecify.annotations.Nullable;

/// Grows the tree entry by entry: full tiles and bundles are handed over as they fill, partial ones
/// when asked to. Holds one tile for each level and one bundle, at most 16 MiB of entries. One
/// thread.
final class TileWriter {
  /// Takes a tile or bundle that is done.
  @FunctionalInterface
  interface Sink {
    /// Takes it.
    ///
    /// @param content its bytes
    void take(TilePath path, byte[] content);
  }

  /// Tiles of the highest level span 256^8 leaves, more than a log can have.
  private static final int MAX_LEVELS = 8;

  private static final int HEIGHT = 8;

  private final Sink sink;
  private final List<byte[]> bundle = new ArrayList<>(TilePath.FULL);

  /// By level: the hashes that are not in a full tile yet.
  private final List<List<TreeHash>> levels = new ArrayList<>();

  private long size;

  TileWriter(Sink sink) {
    this.sink = sink;
    for (int level = 0; level < MAX_LEVELS; level++) {
      levels.add(new ArrayList<>(TilePath.FULL));
    }
  }

  long size() {
    return size;
  }

  /// Adds the next entry.
  ///
  /// @throws TreeRefusedException when no tile can hold it, or as the sink throws it
  void append(byte[] entry) {
    if (entry.length > EntryBundle.MAX_ENTRY_BYTES) {
      throw new TreeRefusedException(
          "entry %d of the log has %d bytes; a tile holds %d at the most: it was not written by a relay"
              .formatted(size, entry.length, EntryBundle.MAX_ENTRY_BYTES));
    }
    bundle.add(entry);
    if (bundle.size() == TilePath.FULL) {
      write(TilePath.ENTRIES, size / TilePath.FULL, TilePath.FULL, EntryBundle.encode(bundle));
      bundle.clear();
    }
    push(0, TreeHash.ofLeaf(entry));
    size++;
  }

  private void push(int level, TreeHash hash) {
    List<TreeHash> hashes = levels.get(level);
    hashes.add(hash);
    if (hashes.size() == TilePath.FULL) {
      Tile tile = new Tile(hashes);
      write(level, size >> (HEIGHT * (level + 1)), TilePath.FULL, tile.encode());
      hashes.clear();
      push(level + 1, tile.hash(HEIGHT, 0));
    }
  }

  private void write(int level, long index, int width, byte[] content) {
    sink.take(new TilePath(level, index, width), content);
  }

  /// Hands over the partial tiles, so that every hash of the tree is out, and says what the tree
  /// is.
  TreeHead flush() {
    if (!bundle.isEmpty()) {
      byte[] content = EntryBundle.encode(bundle);
      write(TilePath.ENTRIES, size / TilePath.FULL, bundle.size(), content);
    }
    for (int level = 0; level < MAX_LEVELS; level++) {
      List<TreeHash> hashes = levels.get(level);
      if (!hashes.isEmpty()) {
        long index = size >> (HEIGHT * (level + 1));
        write(level, index, hashes.size(), new Tile(hashes).encode());
      }
    }
    return head();
  }

  /// What the tree is now.
  TreeHead head() {
    @Nullable TreeHash root = null;
    for (List<TreeHash> hashes : levels) {
      root = combine(hashes, root);
    }
    return root == null ? TreeHead.EMPTY : new TreeHead(size, root);
  }

  /// The hashes of one level, and what is to the right of them.
  private static @Nullable TreeHash combine(List<TreeHash> hashes, @Nullable TreeHash right) {
    @Nullable TreeHash root = right;
    int end = hashes.size();
    while (end > 0) {
      int run = Integer.lowestOneBit(end);
      TreeHash left = subtree(hashes.subList(end - run, end));
      root = root == null ? left : TreeHash.node(left, root);
      end -= run;
    }
    return root;
  }

  private static TreeHash subtree(List<TreeHash> hashes) {
    int half = hashes.size() / 2;
    return half == 0
        ? hashes.getFirst()
        : TreeHash.node(
            subtree(hashes.subList(0, half)), subtree(hashes.subList(half, hashes.size())));
  }
}
