package org.agentchat.relay;

/// Where a replay and its capture part.
///
/// @param file the capture
/// @param line the captured line; for a frame that only we send, the last line of its client before
/// @param type the frame's type
/// @param field the top-level field that differs; empty when the whole frame does
/// @param wanted as it was captured, with our names
/// @param got as it came
record Difference(
    String file, int line, Kind kind, String type, String field, String wanted, String got) {

  /// How they part.
  enum Kind {
    /// The capture has a frame that we do not send.
    MISSING,
    /// We send a frame that the capture does not have.
    EXTRA,
    /// A field differs.
    DIFFERS,
    /// A client's frame that cannot be said again, for it answers to one that we do not send.
    UNSAID
  }

  @Override
  public String toString() {
    return "%s:%d %s %s%s\n      wanted %s\n      got    %s"
        .formatted(file, line, kind, type, field.isEmpty() ? "" : "." + field, wanted, got);
  }
}
