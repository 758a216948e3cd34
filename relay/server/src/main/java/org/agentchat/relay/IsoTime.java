package org.agentchat.relay;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// Times as existing servers write them: ISO 8601, UTC, always three digits of a second.
final class IsoTime {
  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private IsoTime() {}

  /// @param millis milliseconds since 1970
  static String of(long millis) {
    return FORMAT.format(Instant.ofEpochMilli(millis));
  }
}
