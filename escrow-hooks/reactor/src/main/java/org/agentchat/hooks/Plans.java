package org.agentchat.hooks;

import java.util.List;

/// What some entries ask of the hooks, recorded in one transaction with how far they were read.
///
/// @param to how far the log is read afterwards
/// @param hooks names of the hooks that have planned from all of it
/// @param plans in the order of the log
record Plans(ReadPosition to, List<String> hooks, List<Plan> plans) {
  /// One action of one hook.
  record Plan(String hook, long entryIndex, Action action) {}

  /// Copies the lists.
  Plans {
    hooks = List.copyOf(hooks);
    plans = List.copyOf(plans);
  }
}
