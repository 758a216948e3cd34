package org.agentchat.schemas.identity;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// Times as JavaScript's `toISOString` writes them: UTC, always with milliseconds.
final class IsoMillis {
  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private IsoMillis() {}

  static String of(Instant at) {
    return FORMAT.format(at);
  }
}
