package org.agentchat.cli;

import java.time.Instant;

/// Times as existing tools print them: ISO 8601 in UTC, always with milliseconds.
final class IsoTime {
  private static final int WITHOUT_FRACTION = "2026-11-21T01:39:19Z".length();

  private IsoTime() {}

  /// @param millis since 1970
  static String of(long millis) {
    return withMillis(Instant.ofEpochMilli(millis).toString());
  }

  /// The same time; a whole second gets its three zeros.
  static String withMillis(String iso) {
    return iso.length() == WITHOUT_FRACTION && iso.endsWith("Z")
        ? iso.substring(0, iso.length() - 1) + ".000Z"
        : iso;
  }
}
