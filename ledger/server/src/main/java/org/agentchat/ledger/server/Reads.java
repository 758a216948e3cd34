package org.agentchat.ledger.server;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.agentchat.database.Database;
import org.agentchat.database.Parameters;

/// Reads rows. Each read sees all tables as they were at one position of the log.
final class Reads {
  /// Most bytes of one page, roughly; a page has at least one item.
  static final long MAX_PAGE_CHARS = 4L * 1024 * 1024;

  /// Rows fetched at once: pages end early when their items are large.
  private static final int FETCH_ROWS = 100;

  /// What is done within one read.
  ///
  /// @param <T> its result
  @FunctionalInterface
  interface Work<T> {
    /// Does it.
    ///
    /// @param size entries that the rows have read
    T run(Snapshot rows, long size) throws SQLException;
  }

  /// Turns the current row into a value.
  ///
  /// @param <T> the value
  @FunctionalInterface
  interface Mapper<T> {
    T map(ResultSet row) throws SQLException;
  }

  /// Sets a statement's parameters.
  @FunctionalInterface
  interface Binder {
    void bind(Parameters parameters) throws SQLException;
  }

  /// Says how large an item is, in characters.
  ///
  /// @param <T> the item
  @FunctionalInterface
  interface Measure<T> {
    long chars(T item);
  }

  private final Database database;

  Reads(Database database) {
    this.database = database;
  }

  <T> T at(Work<T> work) throws SQLException {
    // The pool rolls back what is given back to it.
    try (Connection connection = database.reader()) {
      long size = Store.position(connection).size();
      return work.run(new Snapshot(connection), size);
    }
  }

  /// The rows as they are at one moment.
  static final class Snapshot {
    private final Connection connection;

    private Snapshot(Connection connection) {
      this.connection = connection;
    }

    <T> Optional<T> one(String sql, Binder binder, Mapper<T> mapper) throws SQLException {
      return list(sql, binder, mapper).stream().findFirst();
    }

    /// All rows of a query that is known to give few.
    <T> List<T> list(String sql, Binder binder, Mapper<T> mapper) throws SQLException {
      return list(sql, binder, mapper, _ -> 0);
    }

    /// The first rows, until they are more than [#MAX_PAGE_CHARS] together.
    <T> List<T> list(String sql, Binder binder, Mapper<T> mapper, Measure<T> measure)
        throws SQLException {
      try (PreparedStatement statement = connection.prepareStatement(sql)) {
        statement.setFetchSize(FETCH_ROWS);
        binder.bind(new Parameters(statement));
        List<T> items = new ArrayList<>();
        long chars = 0;
        try (ResultSet rows = statement.executeQuery()) {
          while (chars <= MAX_PAGE_CHARS && rows.next()) {
            T item = mapper.map(rows);
            items.add(item);
            chars += measure.chars(item);
          }
        }
        return items;
      }
    }
  }
}
