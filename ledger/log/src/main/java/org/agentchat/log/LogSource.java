package org.agentchat.log;

import java.util.List;

/// A log that can be read: Kafka, or a file.
///
/// Every method may be called from any thread. A record that was once readable stays readable and
/// never changes; an implementation that finds otherwise throws [LogCorruptedException] and never
/// skips a record silently.
public interface LogSource {

  /// The most records that one [#read] or [Tail#poll] returns.
  int MAX_READ_RECORDS = 1_000;

  /// The most bytes of values that one [#read] returns, unless its first record alone is larger.
  int MAX_READ_BYTES = 4 * 1024 * 1024;

  /// Returns how many records are durable now, which is also the index of the next one.
  ///
  /// @throws LogUnavailableException when the log does not answer in time
  /// @throws LogCorruptedException when the log is shorter than it was
  long size();

  /// Reads records in index order without gap.
  ///
  /// @param from index of the first record wanted, 0 or more
  /// @param limit the most records wanted, 1 or more; more than [#MAX_READ_RECORDS] count as that
  /// @return the records, fewer than `limit` when the log ends there or the answer is as large as
  ///   [#MAX_READ_BYTES]; empty only when `from` is at or beyond the end of the log
  /// @throws LogUnavailableException when the log does not answer in time
  /// @throws LogCorruptedException when a record is missing
  List<LogRecord> read(long from, int limit);

  /// Follows the log from an index on. The caller closes the tail.
  ///
  /// @param from index of the first record wanted, at most [#size()]
  /// @throws LogUnavailableException when the log does not answer in time
  /// @throws LogCorruptedException when the log ends before `from`, or begins after it
  Tail tail(long from);
}
