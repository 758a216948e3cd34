package org.agentchat.cli;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The server that a benchmark measures.
interface BenchServer extends AutoCloseable {
  /// The relay's address.
  URI uri();

  /// What can be seen of the server's process, now; null when it is not ours to look at.
  @Nullable Footprint footprint();

  /// Processor time that the server has used so far; null when that is not known.
  @Nullable Duration cpu();

  @Override
  void close();

  /// A server process.
  ///
  /// @param readySeconds from its start to its last ready line
  /// @param residentMb physical memory in use, in 2^20 bytes; null where the system does not tell
  record Footprint(double readySeconds, @Nullable Long residentMb) {}

  /// Somebody else's server.
  record Remote(URI uri) implements BenchServer {
    @Override
    public @Nullable Footprint footprint() {
      return null;
    }

    @Override
    public @Nullable Duration cpu() {
      return null;
    }

    @Override
    public void close() {}
  }
}
