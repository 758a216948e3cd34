package org.agentchat.cli;

/// Text of strangers, made safe for a terminal: control characters, which could move the cursor or
/// change what stands on the screen, are shown as `\u001b`. So are characters that begin a line or
/// turn the direction of writing, which could make one text look like another.
final class Printable {
  private Printable() {}

  static String of(String text) {
    return text.chars().anyMatch(Printable::isUnsafe) ? escaped(text) : text;
  }

  private static String escaped(String text) {
    StringBuilder safe = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      safe.append(isUnsafe(c) ? "\\u%04x".formatted((int) c) : c);
    }
    return safe.toString();
  }

  private static boolean isUnsafe(int c) {
    return Character.isISOControl(c)
        || c == 0x2028
        || c == 0x2029
        || (c >= 0x202a && c <= 0x202e)
        || (c >= 0x2066 && c <= 0x2069);
  }
}
