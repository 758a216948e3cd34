package org.agentchat.log;

import java.time.Duration;
import java.util.List;

/// A reader that follows a log: every record once, in index order, without gap.
///
/// One thread polls. [#close()] may be called from any thread; it ends a poll under way.
public interface Tail extends AutoCloseable {

  /// Returns the next records, waiting for the first of them.
  ///
  /// While a broker is away nothing is thrown: polls stay empty, and go on where they stopped once
  /// it is back. An interrupt ends the wait with an empty answer and stays set.
  ///
  /// @param wait how long to wait for the first record; zero looks without waiting
  /// @return at most [LogSource#MAX_READ_RECORDS] records; empty when none came in time (a file: at
  ///   its end)
  /// @throws LogCorruptedException when the next record is missing; the tail stays where it is
  /// @throws LogUnavailableException when the log refuses to be read, for instance for want of a
  ///   right; polling again tries again
  /// @throws IllegalStateException when the tail is closed
  List<LogRecord> poll(Duration wait);

  @Override
  void close();
}
