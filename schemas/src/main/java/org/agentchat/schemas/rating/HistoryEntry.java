package org.agentchat.schemas.rating;

import java.util.List;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.json.StrictJson;

/// A line of a history file after its first: an entry of the log that names the agent, and the way
/// from there to the root of the tree that the certificate's checkpoint signs.
///
/// @param index position in the log, from 0
/// @param event the entry's exact text
/// @param path the sibling hashes from the leaf's up to the root's child (RFC 6962 section 2.1.1),
///   in standard base64
public record HistoryEntry(long index, String event, List<String> path) {
  /// @throws IllegalArgumentException if the index is negative
  public HistoryEntry {
    if (index < 0) {
      throw new IllegalArgumentException("index: 0 or more wanted, found " + index);
    }
    path = List.copyOf(path);
  }

  /// Reads a line: strict JSON, every field known and of its type.
  ///
  /// @throws IllegalArgumentException saying what is wrong
  public static HistoryEntry parse(byte[] line) {
    if (line.length > HistoryHeader.MAX_LINE_BYTES) {
      throw new IllegalArgumentException(
          "more than %d bytes".formatted(HistoryHeader.MAX_LINE_BYTES));
    }
    return StrictJson.read(StrictJson.parse(line), HistoryEntry.class);
  }

  /// The line as it is written, without its line end.
  public String encode() {
    return Json.text(this);
  }
}
