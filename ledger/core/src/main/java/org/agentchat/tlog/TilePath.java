package org.agentchat.tlog;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where a tile or an entry bundle is served and stored (C2SP tlog-tiles): `tile/<L>/<N>[.p/<W>]`
/// or `tile/entries/<N>[.p/<W>]`.
///
/// @param level 0 to 63 for tiles of hashes; [#ENTRIES] for bundles of entries
/// @param index in the level, from 0
/// @param width hashes or entries in it, 1 to [#FULL]
public record TilePath(int level, long index, int width) {
  /// The level of entry bundles, which lie under the tiles.
  public static final int ENTRIES = -1;

  /// Hashes in a full tile.
  public static final int FULL = 256;

  /// Levels of a tree that one tile spans: 2^8 hashes.
  static final int HEIGHT = 8;

  /// Levels of the largest tree, 2^63 leaves; paths go up to [#MAX_LEVEL] all the same.
  private static final int LEVELS = 8;

  private static final int MAX_LEVEL = 63;
  private static final Pattern SHAPE =
      Pattern.compile(
          "tile/(entries|0|[1-9][0-9]?)/((?:x[0-9]{3}/){0,5}[0-9]{3})(?:\\.p/([1-9][0-9]{0,2}))?");

  /// @throws IllegalArgumentException if a part is out of its range
  public TilePath {
    if (level < ENTRIES || level > MAX_LEVEL || index < 0 || width < 1 || width > FULL) {
      throw new IllegalArgumentException(
          "no tile at level " + level + ", index " + index + ", width " + width);
    }
  }

  /// The tile as it is in a tree of that size, full or partial; empty when the tree has none there.
  public static Optional<TilePath> in(long size, int level, long index) {
    long hashes = level == ENTRIES ? size : level < LEVELS ? size >> (HEIGHT * level) : 0;
    if (index > (hashes - 1) / FULL || hashes == 0) {
      return Optional.empty();
    }
    return Optional.of(new TilePath(level, index, (int) Math.min(FULL, hashes - index * FULL)));
  }

  /// Reads a path without its prefix; empty when it is not the one spelling of a tile's path.
  public static Optional<TilePath> parse(String path) {
    Matcher matcher = SHAPE.matcher(path);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    int level = matcher.group(1).equals("entries") ? ENTRIES : Integer.parseInt(matcher.group(1));
    long index = Long.parseLong(matcher.group(2).replaceAll("[x/]", ""));
    String width = matcher.group(3);
    int wide = width == null ? FULL : Integer.parseInt(width);
    if (level > MAX_LEVEL || wide > FULL || (width != null && wide == FULL)) {
      return Optional.empty();
    }
    TilePath tile = new TilePath(level, index, wide);
    return tile.toString().equals(path) ? Optional.of(tile) : Optional.empty();
  }

  /// Whether it has fewer than [#FULL] hashes: then it may be gone once it is full.
  public boolean isPartial() {
    return width < FULL;
  }

  /// The same tile with all its hashes.
  public TilePath full() {
    return new TilePath(level, index, FULL);
  }

  /// The path, without a leading slash: `tile/0/x001/x234/067.p/8`.
  @Override
  public String toString() {
    StringBuilder digits = new StringBuilder(threeDigits(index % 1000));
    for (long rest = index / 1000; rest > 0; rest /= 1000) {
      digits.insert(0, "x" + threeDigits(rest % 1000) + "/");
    }
    String suffix = isPartial() ? ".p/" + width : "";
    return "tile/" + (level == ENTRIES ? "entries" : level) + "/" + digits + suffix;
  }

  private static String threeDigits(long number) {
    return Long.toString(1000 + number).substring(1);
  }
}
