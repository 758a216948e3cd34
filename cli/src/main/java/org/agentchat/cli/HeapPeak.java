package org.agentchat.cli;

/// The largest heap in use that was seen, garbage included: an upper bound of what was needed.
final class HeapPeak {
  private long bytes;

  /// Looks now.
  void look() {
    Runtime runtime = Runtime.getRuntime();
    bytes = Math.max(bytes, runtime.totalMemory() - runtime.freeMemory());
  }

  long megabytes() {
    return bytes >> 20;
  }
}
