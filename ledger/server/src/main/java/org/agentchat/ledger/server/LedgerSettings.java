package org.agentchat.ledger.server;

import java.util.Optional;

/// How a ledger server runs.
///
/// @param host the address to listen on
/// @param port 0 for any that is free
/// @param database see [Store#database]
/// @param rebuild drop the rows and make them again from the log
/// @param tree how the tree is published; empty publishes none
public record LedgerSettings(
    String host, int port, String database, boolean rebuild, Optional<TreeSettings> tree) {
  /// Where the API listens when nobody says.
  public static final int DEFAULT_PORT = 6680;

  /// @throws IllegalArgumentException when a part makes no sense
  public LedgerSettings {
    if (host.isBlank()) {
      throw new IllegalArgumentException("host: a name or an address wanted");
    }
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port: 0 to 65535 wanted, found " + port);
    }
    if (database.isBlank()) {
      throw new IllegalArgumentException("database: a JDBC URL or the path of a file wanted");
    }
  }

  /// This machine only, port [#DEFAULT_PORT].
  ///
  /// @param database see [Store#database]
  public static LedgerSettings of(String database) {
    return new LedgerSettings("127.0.0.1", DEFAULT_PORT, database, false, Optional.empty());
  }

  /// The same on another address.
  public LedgerSettings withHost(String other) {
    return new LedgerSettings(other, port, database, rebuild, tree);
  }

  /// The same on another port.
  public LedgerSettings withPort(int other) {
    return new LedgerSettings(host, other, database, rebuild, tree);
  }

  /// The same, but the rows are made again from the log.
  public LedgerSettings withRebuild() {
    return new LedgerSettings(host, port, database, true, tree);
  }

  /// The same, publishing the tree.
  ///
  /// @param published how
  public LedgerSettings withTree(TreeSettings published) {
    return new LedgerSettings(host, port, database, rebuild, Optional.of(published));
  }
}
