package org.agentchat.cli;

import java.time.Duration;
import java.util.Locale;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/// How long things took: counted in microseconds to three digits, told in milliseconds.
/// Thread-safe.
final class Latencies {
  private static final long MAX_MICROS = Duration.ofMinutes(2).toNanos() / 1_000;
  private static final int DIGITS = 3;

  /// Some quantiles, in milliseconds; all zero when nothing was counted.
  record Quantiles(double p50, double p95, double p99, double max) {
    /// As one cell of a table.
    String text() {
      return String.format(
          Locale.ROOT, "p50 %.2f, p95 %.2f, p99 %.2f, max %.2f ms", p50, p95, p99, max);
    }
  }

  private final Histogram histogram = new ConcurrentHistogram(1, MAX_MICROS, DIGITS);

  /// Counts one; less than nothing counts as nothing, more than two minutes as two minutes.
  void add(long nanos) {
    histogram.recordValue(Math.clamp(nanos / 1_000, 0, MAX_MICROS));
  }

  long count() {
    return histogram.getTotalCount();
  }

  /// Forgets everything. Not while another thread adds.
  void clear() {
    histogram.reset();
  }

  Quantiles quantiles() {
    return new Quantiles(at(50), at(95), at(99), at(100));
  }

  private double at(double percentile) {
    return Math.min(histogram.getValueAtPercentile(percentile), MAX_MICROS) / 1e3;
  }
}
