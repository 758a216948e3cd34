package org.agentchat.schemas.json;

/// Finds what is not plain in a text: control characters, quotation marks, backslashes, and what is
/// not ASCII. Eight bytes at a time, as most of them are plain.
final class PlainText {
  /// Times a byte: that byte eight times.
  private static final long EACH = 0x0101_0101_0101_0101L;

  /// The highest bit of eight bytes.
  private static final long HIGHEST = 0x8080_8080_8080_8080L;

  private PlainText() {}

  /// Of eight bytes, the first in the lowest one: bits of which the lowest that is set is in the
  /// first byte that is not plain; 0 when all are.
  ///
  /// A byte below n, or one that is zero once the wanted one is taken out of it, borrows into its
  /// highest bit, which was clear (H. S. Warren, Hacker's Delight, section 6-1). The borrow may
  /// reach the bytes above, never those below.
  static long oddBytes(long eight) {
    long quotes = eight ^ ('"' * EACH);
    long backslashes = eight ^ ('\\' * EACH);
    return (eight | (eight - ' ' * EACH) | (quotes - EACH) | (backslashes - EACH)) & HIGHEST;
  }

  /// The same for question marks, of which each may stand for half a character that has no bytes.
  static long questionMarks(long eight) {
    long marks = eight ^ ('?' * EACH);
    return (marks - EACH) & ~marks & HIGHEST;
  }

  /// Whether a byte is not plain.
  static boolean isOdd(byte unit) {
    return unit < ' ' || unit == '"' || unit == '\\';
  }
}
