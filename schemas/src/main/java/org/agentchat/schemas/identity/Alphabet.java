package org.agentchat.schemas.identity;

/// A set of ASCII characters, of which names, tokens and hashes are made. What a regular expression
/// such as `[0-9a-f]{64}` says, without its cost: every entry of a log is held against several.
///
/// Immutable.
public final class Alphabet {
  /// Lower-case hexadecimal digits.
  public static final Alphabet HEX = of("0-9a-f");

  private static final int ASCII = 128;

  private final boolean[] members = new boolean[ASCII];

  private Alphabet() {}

  /// The characters of a regular expression's character class without its brackets: single ones and
  /// ranges, for example `0-9A-Za-z_-`. A `-` stands for itself at the end.
  public static Alphabet of(String characters) {
    Alphabet alphabet = new Alphabet();
    int at = 0;
    while (at < characters.length()) {
      boolean isRange = at + 2 < characters.length() && characters.charAt(at + 1) == '-';
      char first = characters.charAt(at);
      char last = isRange ? characters.charAt(at + 2) : first;
      for (char member = first; member <= last; member++) {
        alphabet.members[member] = true;
      }
      at += isRange ? 3 : 1;
    }
    return alphabet;
  }

  /// Whether the text has from `min` to `max` characters, all of this alphabet.
  public boolean spells(String text, int min, int max) {
    if (text.length() < min || text.length() > max) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char character = text.charAt(i);
      if (character >= ASCII || !members[character]) {
        return false;
      }
    }
    return true;
  }
}
