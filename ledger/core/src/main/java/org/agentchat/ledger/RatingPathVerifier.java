package org.agentchat.ledger;

import java.util.Arrays;
import java.util.HexFormat;
import org.agentchat.schemas.rating.RatingLeaf;
import org.agentchat.schemas.rating.RatingPath;
import org.jspecify.annotations.Nullable;

/// Whether a path shows what it is said to show, against the root of a rating map. Pure; needs
/// neither the map nor the log.
public final class RatingPathVerifier {
  private final String root;

  /// @param root 64 lower-case hexadecimal digits
  public RatingPathVerifier(String root) {
    this.root = root;
  }

  /// Whether the map holds exactly this leaf for its agent.
  public boolean includes(RatingLeaf leaf, RatingPath path) {
    return includes(RatingLeaf.keyOf(leaf.agent()), leaf.hash(), path);
  }

  /// Whether the key leads to a value of this hash.
  boolean includes(byte[] key, byte[] valueHash, RatingPath path) {
    RatingPath.Occupant occupant = path.occupant();
    return occupant != null
        && Arrays.equals(parse(occupant.key()), key)
        && Arrays.equals(parse(occupant.valueHash()), valueHash)
        && leadsToRoot(key, path);
  }

  /// Whether the key leads to nothing: to an empty place, or to the leaf of another key that begins
  /// with the same bits.
  public boolean excludes(byte[] key, RatingPath path) {
    RatingPath.Occupant occupant = path.occupant();
    return (occupant == null || isAnotherAt(key, parse(occupant.key()), path.siblings().size()))
        && leadsToRoot(key, path);
  }

  private static boolean isAnotherAt(byte[] key, byte[] other, int depth) {
    for (int i = 0; i < depth; i++) {
      if (RatingHash.isRight(key, i) != RatingHash.isRight(other, i)) {
        return false;
      }
    }
    return !Arrays.equals(key, other);
  }

  private boolean leadsToRoot(byte[] key, RatingPath path) {
    byte[] hash = hash(path.occupant());
    int depth = path.siblings().size();
    for (String hex : path.siblings()) {
      depth--;
      byte[] sibling = parse(hex);
      hash =
          RatingHash.isRight(key, depth)
              ? RatingHash.node(sibling, hash)
              : RatingHash.node(hash, sibling);
    }
    return HexFormat.of().formatHex(hash).equals(root);
  }

  private static byte[] hash(RatingPath.@Nullable Occupant occupant) {
    return occupant == null
        ? RatingHash.EMPTY
        : RatingHash.leaf(parse(occupant.key()), parse(occupant.valueHash()));
  }

  private static byte[] parse(String hex) {
    return HexFormat.of().parseHex(hex);
  }
}
