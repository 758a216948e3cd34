package org.agentchat.log;

import java.util.concurrent.CompletableFuture;

/// A log that can be appended to. Several processes may append to the same log at once; the log
/// puts them in one order.
public interface EventLog extends LogSource, AutoCloseable {

  /// The most bytes of one record: what an entry of a tile may have (C2SP tlog-tiles).
  int MAX_RECORD_BYTES = 65_535;

  /// Appends one record.
  ///
  /// Returns without waiting for the record to be durable. Appends made by one thread are recorded
  /// in the order made. Dependent stages of the future may run on the log's own sending thread:
  /// they must not block.
  ///
  /// @param value at most [#MAX_RECORD_BYTES] bytes; the caller leaves the array alone until the
  ///   future is done
  /// @return the index of the record, once it is durable. Fails with [LogUnavailableException] (see
  ///   there for whether the record may still appear) or [RecordTooLargeException]
  CompletableFuture<Long> append(byte[] value);

  /// Waits, for a bounded time, until appends under way are answered, and lets go of everything.
  /// Tails are their owners' to close.
  @Override
  void close();
}
