package org.agentchat.hooks.config;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import org.agentchat.hooks.Hook;

/// What a hooks' file says.
///
/// @param database where the outbox is; absent: a file beside what else is kept
/// @param listen where health is told; empty: nowhere
/// @param hooks in the order of the file
public record HooksSettings(
    Optional<String> database, Optional<InetSocketAddress> listen, List<Hook> hooks) {
  /// Copies the list.
  public HooksSettings {
    hooks = List.copyOf(hooks);
  }
}
