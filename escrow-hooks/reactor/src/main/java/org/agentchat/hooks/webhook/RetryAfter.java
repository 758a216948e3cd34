package org.agentchat.hooks.webhook;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// How long a target wants to be left alone (RFC 9110 section 10.2.3).
final class RetryAfter {
  /// More than this is not granted: a target cannot put a delivery off for ever.
  static final Duration LONGEST = Duration.ofHours(1);

  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}");

  private RetryAfter() {}

  /// What the header asks for; zero when it is missing, makes no sense or is over.
  static Duration of(@Nullable String header, Instant now) {
    if (header == null) {
      return Duration.ZERO;
    }
    String text = header.strip();
    Duration wished =
        SECONDS.matcher(text).matches()
            ? Duration.ofSeconds(Long.parseLong(text))
            : until(text, now);
    if (wished.isNegative()) {
      return Duration.ZERO;
    }
    return wished.compareTo(LONGEST) < 0 ? wished : LONGEST;
  }

  private static Duration until(String date, Instant now) {
    try {
      return Duration.between(now, DateTimeFormatter.RFC_1123_DATE_TIME.parse(date, Instant::from));
    } catch (DateTimeException | ArithmeticException _) {
      return Duration.ZERO;
    }
  }
}
