package org.agentchat.ledger.server;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.agentchat.database.Database;
import org.agentchat.schemas.identity.Sha256;
import org.jspecify.annotations.Nullable;

/// A hash over all rows of each table, in key order: equal on every database when the rows are.
///
/// @param position how far the rows had read the log
/// @param tables SHA-256 by table name, 64 hexadecimal digits
public record RowDump(long position, Map<String, String> tables) {
  /// Rows fetched at once; tables may be larger than memory.
  private static final int FETCH_ROWS = 500;

  private static final Map<String, String> KEYS =
      Map.ofEntries(
          Map.entry("position", "id"),
          Map.entry("agent", "first_id"),
          Map.entry("agent_entry", "agent, entry_index"),
          Map.entry("agent_key", "id"),
          Map.entry("skill", "agent, capability"),
          Map.entry("rating_change", "entry_index, seq"),
          Map.entry("proposal", "entry_index"),
          Map.entry("dispute", "entry_index"),
          Map.entry("receipt", "entry_index, proposal_id"),
          Map.entry("wallet", "entry_index"),
          Map.entry("escrow", "proposal_id"),
          Map.entry("escrow_sighting", "entry_index"),
          Map.entry("deployment", "proposal_id"),
          Map.entry("deployment_statement", "entry_index"));

  /// Keeps the tables in order of their names.
  public RowDump {
    tables = Collections.unmodifiableMap(new TreeMap<>(tables));
  }

  /// Hashes the rows as they are at one moment.
  public static RowDump of(Database database) throws SQLException {
    try (Connection connection = database.reader()) {
      long position = Store.position(connection).size();
      Map<String, String> tables = new TreeMap<>();
      for (String table : Store.TABLES) {
        tables.put(table, hash(connection, table));
      }
      connection.rollback();
      return new RowDump(position, tables);
    }
  }

  private static String hash(Connection connection, String table) throws SQLException {
    MessageDigest digest = Sha256.digest();
    String sql = "SELECT * FROM " + table + " ORDER BY " + KEYS.get(table);
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setFetchSize(FETCH_ROWS);
      try (ResultSet rows = statement.executeQuery()) {
        int columns = rows.getMetaData().getColumnCount();
        while (rows.next()) {
          for (int column = 1; column <= columns; column++) {
            add(digest, rows.getString(column));
          }
        }
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void add(MessageDigest digest, @Nullable String value) {
    byte[] bytes = value == null ? new byte[0] : value.getBytes(StandardCharsets.UTF_8);
    int length = value == null ? -1 : bytes.length;
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(length).array());
    digest.update(bytes);
  }
}
