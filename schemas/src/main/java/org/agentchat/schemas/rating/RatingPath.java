package org.agentchat.schemas.rating;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Where a key leads to in a rating map, and the way from there up to the root: shows that a value
/// is in the map, or that the key is not. All hashes and keys are 64 lower-case hexadecimal digits.
///
/// @param occupant what sits there, or null when the place is empty
/// @param siblings the hash beside each node on the way, the lowest first; an empty place is zeros
public record RatingPath(@Nullable Occupant occupant, List<String> siblings) {
  /// Siblings at the most: one for each bit of a key.
  public static final int MAX_SIBLINGS = 256;

  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

  /// A leaf of the map.
  ///
  /// @param key of the leaf: the one that was asked for, or another with the same first bits
  /// @param valueHash what the map holds for it
  public record Occupant(String key, String valueHash) {
    /// @throws IllegalArgumentException if a part has another shape
    public Occupant {
      requireHash(key);
      requireHash(valueHash);
    }
  }

  /// @throws IllegalArgumentException if a part has another shape
  public RatingPath {
    siblings = List.copyOf(siblings);
    if (siblings.size() > MAX_SIBLINGS) {
      throw new IllegalArgumentException(
          "siblings: at most " + MAX_SIBLINGS + ", found " + siblings.size());
    }
    siblings.forEach(RatingPath::requireHash);
  }

  /// Returns the text if it is a hash.
  static String requireHash(String text) {
    if (!HASH.matcher(text).matches()) {
      throw new IllegalArgumentException("64 lower-case hexadecimal digits wanted");
    }
    return text;
  }
}
