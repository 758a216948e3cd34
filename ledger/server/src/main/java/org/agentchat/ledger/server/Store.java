package org.agentchat.ledger.server;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.agentchat.database.Database;
import org.agentchat.database.Parameters;
import org.agentchat.database.Tenant;

/// The tables: made, dropped, and written one batch at a time. One thread at a time.
public final class Store {
  /// Every table of ours, the ones that others depend on last.
  static final List<String> TABLES =
      List.of(
          "position",
          "agent",
          "agent_entry",
          "agent_key",
          "skill",
          "rating_change",
          "proposal",
          "dispute",
          "receipt",
          "wallet",
          "escrow",
          "escrow_sighting",
          "deployment",
          "deployment_statement");

  /// Who keeps rows and tree.
  static final Tenant TENANT = new Tenant("ledger", Tenant.Rows.MADE_AGAIN);

  private static final String HISTORY = "ledger_schema_history";

  private static final String SELECT_POSITION =
      """
      SELECT next_index, root_hash, origin, clock FROM position WHERE id = 1
      """;

  private static final String MOVE_POSITION =
      """
      UPDATE position SET next_index = ?, root_hash = ?, origin = ?, clock = ?
      WHERE id = 1 AND next_index = ?
      """;

  private final Database database;

  /// Opens the database that one ledger server keeps.
  ///
  /// @param location see [Database#open]
  public static Database database(String location) {
    return Database.open(location, TENANT);
  }

  /// @param database stays its owner's to close
  public Store(Database database) {
    this.database = database;
  }

  /// Makes the tables, or brings them up to date.
  ///
  /// @throws SQLException when the database does not answer or its tables are not ours
  public void migrate() throws SQLException {
    database.migrate("classpath:org/agentchat/ledger/server/migration", HISTORY);
  }

  /// Drops the tables. Nothing is lost: they are made again from the log.
  public void dropAll() throws SQLException {
    database.transaction(connection -> {
      try (Statement statement = connection.createStatement()) {
        for (String table : TABLES) {
          statement.executeUpdate("DROP TABLE IF EXISTS " + table);
        }
        statement.executeUpdate("DROP TABLE IF EXISTS " + HISTORY);
      }
    });
  }

  /// How far the rows have read the log.
  public Position position() throws SQLException {
    Connection connection = database.writer();
    try {
      return position(connection);
    } catch (SQLException e) {
      database.discardWriter();
      throw e;
    } finally {
      rollback(connection);
    }
  }

  static Position position(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(SELECT_POSITION)) {
      if (!row.next()) {
        throw new SQLException("table position has no row");
      }
      return new Position(row.getLong(1), row.getString(2), row.getString(3), row.getLong(4));
    }
  }

  /// Writes a batch, all of it or nothing. A batch that is there already, because an earlier
  /// attempt was recorded although its answer was lost, is not written again.
  ///
  /// @throws LogReplacedException when the rows are at neither end of the batch: somebody else
  ///   writes
  void write(Batch batch) throws SQLException {
    database.transaction(connection -> {
      if (move(connection, batch)) {
        new RowWriter(connection).write(batch);
      } else {
        requireWritten(connection, batch);
      }
    });
  }

  private static boolean move(Connection connection, Batch batch) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(MOVE_POSITION)) {
      new Parameters(statement)
          .add(batch.to().size())
          .add(batch.to().rootHash())
          .add(batch.to().origin())
          .add(batch.to().clock())
          .add(batch.from());
      return statement.executeUpdate() == 1;
    }
  }

  private static void requireWritten(Connection connection, Batch batch) throws SQLException {
    Position found = position(connection);
    if (!found.equals(batch.to())) {
      throw new LogReplacedException(
          "the rows are at entry %d, wanted %d: somebody else writes to the database"
              .formatted(found.size(), batch.from()));
    }
  }

  private static void rollback(Connection connection) {
    try {
      connection.rollback();
    } catch (SQLException _) {
      // The connection is gone and its transaction with it; the first failure is the one to tell.
    }
  }
}
