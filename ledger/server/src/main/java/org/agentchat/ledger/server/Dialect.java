package org.agentchat.ledger.server;

import java.util.Map;

/// What differs between the databases: two type names. Everything else is the same SQL.
enum Dialect {
  /// `INTEGER PRIMARY KEY` makes a column the row's own number.
  SQLITE("INTEGER", "TEXT"),

  /// The `C` collation sorts by bytes, as SQLite and Java do.
  POSTGRESQL("BIGINT", "TEXT COLLATE \"C\"");

  private final String integer;
  private final String text;

  Dialect(String integer, String text) {
    this.integer = integer;
    this.text = text;
  }

  /// The values for `${...}` in the migrations.
  Map<String, String> placeholders() {
    return Map.of("integer", integer, "text", text);
  }
}
