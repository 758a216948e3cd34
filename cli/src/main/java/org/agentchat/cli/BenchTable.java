package org.agentchat.cli;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Rows that the benchmarks share: a name, then what was found.
final class BenchTable {
  private static final int NAME_WIDTH = 12;

  private BenchTable() {}

  static String row(String name, Object value) {
    return name + " ".repeat(NAME_WIDTH - name.length()) + value;
  }

  /// One row for each error code.
  static List<String> refused(Map<String, Long> refused) {
    return refused.isEmpty()
        ? List.of(row("refused", "none"))
        : refused.entrySet().stream()
            .map(code -> row("refused", "%,d %s".formatted(code.getValue(), code.getKey())))
            .toList();
  }

  static String cost(CpuMeter.Cost cost, String unit) {
    String server =
        cost.server() == null ? "" : String.format(Locale.ROOT, "server %.1f, ", cost.server());
    return row(
        "cpu",
        server + String.format(Locale.ROOT, "generator %.1f us a %s", cost.generator(), unit));
  }

  /// What is known of our own server's process.
  static List<String> server(BenchServer.@Nullable Footprint server) {
    if (server == null) {
      return List.of();
    }
    String memory = server.residentMb() == null ? "unknown" : server.residentMb() + " MB";
    return List.of(
        row("ready", String.format(Locale.ROOT, "%.1f s after its start", server.readySeconds())),
        row("resident", memory + " after the load"));
  }
}
