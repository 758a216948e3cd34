package org.agentchat.cli;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/// One server of a [ServerDirectory].
///
/// @param name for people, not empty
/// @param url see [ServerAddress]
/// @param description may be empty
/// @param region may be empty
@JsonPropertyOrder({"name", "url", "description", "region"})
record ServerEntry(String name, String url, String description, String region) {
  /// Longest name, description or region, in characters: a line or two on a terminal.
  static final int MAX_CHARS = 512;

  /// @throws IllegalArgumentException if a text is too long
  ServerEntry {
    requireShort("name", name);
    requireShort("description", description);
    requireShort("region", region);
  }

  private static void requireShort(String what, String text) {
    if (text.length() > MAX_CHARS) {
      throw new IllegalArgumentException(
          "a server's %s has at most %d characters, not %d"
              .formatted(what, MAX_CHARS, text.length()));
    }
  }
}
