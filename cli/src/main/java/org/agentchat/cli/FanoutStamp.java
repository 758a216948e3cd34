package org.agentchat.cli;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;

/// Marks a benchmark's messages: a word of this run, then the microsecond at which it was sent. One
/// thread.
final class FanoutStamp {
  private static final String FILLER = "the quick brown fox jumps over the lazy dog ";

  /// Longest mark and time, and the blank behind them.
  static final int MIN_BYTES = 40;

  private final String mark;
  private final byte[] wanted;

  /// Where the last mark was: frames of one run have it in the same place, so that it is seldom
  /// searched for.
  private int hint;

  FanoutStamp() {
    this.mark =
        String.format(Locale.ROOT, "bench-%06d ", ThreadLocalRandom.current().nextInt(1_000_000));
    this.wanted = mark.getBytes(StandardCharsets.US_ASCII);
  }

  /// A message of so many ASCII characters, at least [#MIN_BYTES].
  String text(long micros, int bytes) {
    StringBuilder text = new StringBuilder(bytes).append(mark).append(micros).append(' ');
    while (text.length() < bytes) {
      text.append(FILLER, 0, Math.min(FILLER.length(), bytes - text.length()));
    }
    return text.toString();
  }

  /// The time in a frame that carries our message, or -1 for any other frame.
  long micros(byte[] frame, int offset, int length) {
    int at = isMarkAt(frame, offset, length, hint) ? hint : find(frame, offset, length);
    if (at < 0) {
      return -1;
    }
    hint = at;
    long micros = 0;
    for (int i = offset + at + wanted.length; frame[i] >= '0' && frame[i] <= '9'; i++) {
      micros = micros * 10 + (frame[i] - '0');
    }
    return micros;
  }

  private int find(byte[] frame, int offset, int length) {
    for (int at = 0; at + MIN_BYTES <= length; at++) {
      if (isMarkAt(frame, offset, length, at)) {
        return at;
      }
    }
    return -1;
  }

  /// A mark has at least a message of the shortest kind behind it, so reading on stays inside.
  private boolean isMarkAt(byte[] frame, int offset, int length, int at) {
    if (at + MIN_BYTES > length) {
      return false;
    }
    for (int i = 0; i < wanted.length; i++) {
      if (frame[offset + at + i] != wanted[i]) {
        return false;
      }
    }
    return true;
  }
}
