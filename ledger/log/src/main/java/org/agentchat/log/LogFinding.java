package org.agentchat.log;

/// Something wrong in a log file.
///
/// @param line line of the file, the header is line 1
/// @param expected index that was wanted there
/// @param found index that was found there; the expected one when the line itself is the trouble
/// @param what one sentence part that names it
public record LogFinding(long line, long expected, long found, String what) {

  /// `line 7: wanted index 5, found index 6`.
  @Override
  public String toString() {
    return "line %d: %s".formatted(line, what);
  }
}
