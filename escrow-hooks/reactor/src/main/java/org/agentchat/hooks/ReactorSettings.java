package org.agentchat.hooks;

import java.net.InetSocketAddress;
import java.util.Optional;

/// Where a reactor keeps its outbox and answers about its health.
///
/// @param database see [org.agentchat.database.Database#open]
/// @param listen where `/health` and `/metrics` are served, port 0 for any that is free; empty:
///   nowhere
public record ReactorSettings(String database, Optional<InetSocketAddress> listen) {
  /// The port when nobody says.
  public static final int DEFAULT_PORT = 6682;
}
