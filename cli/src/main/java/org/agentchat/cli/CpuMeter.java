package org.agentchat.cli;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Processor time of server and generator since a moment. Unlike a rate it hardly depends on what
/// else the machine does, so it is what two runs are best compared by.
final class CpuMeter {
  /// Processor time in microseconds for each unit of work.
  ///
  /// @param server null when it is not ours to look at
  record Cost(@Nullable Double server, double generator) {}

  private final BenchServer server;
  private final @Nullable Duration serverBefore;
  private final Duration generatorBefore;

  /// Starts now.
  CpuMeter(BenchServer server) {
    this.server = server;
    this.serverBefore = server.cpu();
    this.generatorBefore = own();
  }

  /// What each unit has cost until now.
  Cost cost(long units) {
    Duration after = server.cpu();
    return new Cost(
        serverBefore == null || after == null ? null : micros(after.minus(serverBefore), units),
        micros(own().minus(generatorBefore), units));
  }

  private static double micros(Duration time, long units) {
    return units == 0 ? 0 : time.toNanos() / 1e3 / units;
  }

  private static Duration own() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
  }
}
