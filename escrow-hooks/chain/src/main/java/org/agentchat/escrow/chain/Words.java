package org.agentchat.escrow.chain;

/// What a stranger wrote, made fit for a log line: short, and without control characters.
final class Words {
  private static final int MAX_CHARS = 200;

  private Words() {}

  static String of(String text) {
    StringBuilder words = new StringBuilder();
    int end = Math.min(text.length(), MAX_CHARS);
    for (int i = 0; i < end; i++) {
      char character = text.charAt(i);
      words.append(character < ' ' || character > '~' ? '?' : character);
    }
    return words.append(text.length() > MAX_CHARS ? "..." : "").toString();
  }
}
