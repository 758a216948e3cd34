package org.agentchat.cli;

/// Text of strangers, made safe for a terminal: control characters, which could move the cursor or
/// change what stands on the screen, are shown as `\u001b`.
final class Printable {
  private Printable() {}

  static String of(String text) {
    return text.chars().anyMatch(Character::isISOControl) ? escaped(text) : text;
  }

  private static String escaped(String text) {
    StringBuilder safe = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      safe.append(Character.isISOControl(c) ? "\\u%04x".formatted((int) c) : c);
    }
    return safe.toString();
  }
}
