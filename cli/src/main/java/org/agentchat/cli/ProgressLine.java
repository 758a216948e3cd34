package org.agentchat.cli;

import java.io.Console;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/// How far a long read is, how fast, and how long it still takes: one line on standard error that
/// is written over, or, where nobody watches, a line now and then. Nothing under `--json`, and
/// nothing when it is done within a second.
final class ProgressLine implements AutoCloseable {
  private static final Duration WATCHED = Duration.ofMillis(200);
  private static final Duration UNWATCHED = Duration.ofSeconds(10);
  private static final int BAR = 24;

  private final PrintWriter err;
  private final long total;
  private final boolean silent;
  private final boolean watched;
  private final long start = System.nanoTime();
  private long shownAt = start + Duration.ofSeconds(1).toNanos();
  private boolean shown;

  private ProgressLine(PrintWriter err, long total, boolean silent, boolean watched) {
    this.err = err;
    this.total = total;
    this.silent = silent;
    this.watched = watched;
  }

  /// @param total entries in all; 0 when that is not known
  static ProgressLine on(Output output, long total) {
    boolean terminal = Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    return new ProgressLine(output.err(), total, output.isJson(), terminal);
  }

  /// So many entries are done.
  void at(long entries) {
    long now = System.nanoTime();
    if (silent || now - shownAt < (watched ? WATCHED : UNWATCHED).toNanos()) {
      return;
    }
    shownAt = now;
    shown = true;
    err.print((watched ? "\r\033[K" : "") + text(entries, now - start) + (watched ? "" : "\n"));
    err.flush();
  }

  private String text(long entries, long nanos) {
    double rate = entries / (nanos / 1e9);
    if (total <= 0) {
      return String.format(Locale.ROOT, "%,d entries, %,.0f/s", entries, rate);
    }
    long done = Math.min(entries, total);
    int filled = (int) (BAR * done / total);
    return String.format(
        Locale.ROOT,
        "[%s%s] %3d %%  %,d of %,d entries, %,.0f/s, %s left",
        "#".repeat(filled),
        ".".repeat(BAR - filled),
        100 * done / total,
        done,
        total,
        rate,
        time(rate > 0 ? (long) ((total - done) / rate) : 0));
  }

  private static String time(long seconds) {
    return seconds < 60 ? seconds + " s" : "%d min %02d s".formatted(seconds / 60, seconds % 60);
  }

  /// Takes the line away.
  @Override
  public void close() {
    if (shown && watched) {
      err.print("\r\033[K");
      err.flush();
    }
  }
}
