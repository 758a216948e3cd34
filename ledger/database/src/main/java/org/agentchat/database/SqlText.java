package org.agentchat.database;

import org.jspecify.annotations.Nullable;

/// Free text in a column. An agent may sign text with U+0000 in it, which PostgreSQL refuses to
/// store; unescaped, one such statement would stop every ledger on PostgreSQL for good. So U+0000
/// is written `\0` and a backslash `\\`, on every database, and nothing is lost.
public final class SqlText {
  private SqlText() {}

  /// The text as a column holds it; absent stays absent.
  public static @Nullable String escape(@Nullable String text) {
    return text == null ? null : escaped(text);
  }

  /// The text as a column holds it.
  public static String escaped(String text) {
    boolean plain = text.indexOf('\\') < 0 && text.indexOf('\0') < 0;
    return plain ? text : text.replace("\\", "\\\\").replace("\0", "\\0");
  }

  /// The text of a column; absent stays absent.
  public static @Nullable String unescape(@Nullable String column) {
    return column == null ? null : unescaped(column);
  }

  /// The text of a column.
  public static String unescaped(String column) {
    if (column.indexOf('\\') < 0) {
      return column;
    }
    StringBuilder text = new StringBuilder(column.length());
    for (int i = 0; i < column.length(); i++) {
      char c = column.charAt(i);
      if (c == '\\') {
        i++;
        c = column.charAt(i) == '0' ? '\0' : '\\';
      }
      text.append(c);
    }
    return text.toString();
  }
}
