package org.agentchat.log;

import org.jspecify.annotations.Nullable;

/// The log is not what it must be: a record is missing, doubled, unreadable or was taken back.
/// Retrying does not help; somebody has to look.
public final class LogCorruptedException extends LogException {

  private static final long serialVersionUID = 1L;

  private final long expected;
  private final long found;

  LogCorruptedException(String message, long expected, long found, @Nullable Throwable cause) {
    super(message, cause);
    this.expected = expected;
    this.found = found;
  }

  /// Another record, or the end, was found where this one was wanted.
  static LogCorruptedException missing(
      String what, long expected, long found, @Nullable Throwable cause) {
    return new LogCorruptedException(
        "%s: wanted index %d, found %d".formatted(what, expected, found), expected, found, cause);
  }

  /// As above, with nothing below it.
  static LogCorruptedException missing(String what, long expected, long found) {
    return missing(what, expected, found, null);
  }

  /// What holds the record at this index is there but cannot be used, or is missing.
  ///
  /// @param what one sentence
  public static LogCorruptedException unreadable(String what, long index) {
    return new LogCorruptedException(what, index, index, null);
  }

  /// The record at this index is there but cannot be used; expected and found index are the same.
  static LogCorruptedException unusable(String what, long index, @Nullable Throwable cause) {
    return new LogCorruptedException("%s at index %d".formatted(what, index), index, index, cause);
  }

  /// The index of the record that was wanted.
  public long expected() {
    return expected;
  }

  /// The index that was found in its place; for a log that ends too early its size.
  public long found() {
    return found;
  }
}
