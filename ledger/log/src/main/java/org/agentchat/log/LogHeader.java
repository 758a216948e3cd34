package org.agentchat.log;

/// The first line of a log file.
///
/// @param from index of the first record
/// @param size how many records follow
record LogHeader(long from, long size) {

  static final String FORMAT = "agentchat-log/1";

  LogHeader {
    if (from < 0 || size < 0) {
      throw new IllegalArgumentException(
          "A log file has from and size of 0 or more, found %d and %d".formatted(from, size));
    }
  }

  /// The index after the last record.
  long end() {
    return from + size;
  }
}
