package org.agentchat.ledger.server;

import java.util.Map;

/// What differs between the databases: two type names, and how a table that is its primary key is
/// said to be no more than that. Everything else is the same SQL.
enum Dialect {
  /// `INTEGER PRIMARY KEY` makes a column the row's own number.
  SQLITE("INTEGER", "TEXT", " WITHOUT ROWID"),

  /// The `C` collation sorts by bytes, as SQLite and Java do.
  POSTGRESQL("BIGINT", "TEXT COLLATE \"C\"", "");

  private final String integer;
  private final String text;
  private final String clustered;

  Dialect(String integer, String text, String clustered) {
    this.integer = integer;
    this.text = text;
    this.clustered = clustered;
  }

  /// The values for `${...}` in the migrations.
  Map<String, String> placeholders() {
    return Map.of("integer", integer, "text", text, "clustered", clustered);
  }
}
