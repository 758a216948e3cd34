package org.agentchat.hooks;

import org.agentchat.schemas.json.Json;

/// As much of a stranger's text as a note may repeat: one line without control characters.
public final class Excerpt {
  /// Longest excerpt, in characters.
  public static final int MAX_CHARS = 300;

  private Excerpt() {}

  /// The beginning of the text, on one line, `?` for what cannot be shown.
  public static String of(String text) {
    String start = text.strip();
    StringBuilder line = new StringBuilder();
    start
        .codePoints()
        .limit(MAX_CHARS + 1L)
        .map(c -> Character.isWhitespace(c) ? ' ' : c)
        .map(c -> isShown(c) ? c : '?')
        .forEach(line::appendCodePoint);
    return Json.excerpt(line.toString(), MAX_CHARS);
  }

  private static boolean isShown(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
