package org.agentchat.database;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import org.jspecify.annotations.Nullable;

/// Binds the parameters of a statement, one after another.
public final class Parameters {
  private final PreparedStatement statement;
  private int next = 1;

  /// @param statement whose parameters are set from the first one on
  public Parameters(PreparedStatement statement) {
    this.statement = statement;
  }

  /// The next one is a whole number.
  public Parameters add(long value) throws SQLException {
    statement.setLong(next++, value);
    return this;
  }

  /// The next one is a whole number that is not there.
  public Parameters addNoNumber() throws SQLException {
    statement.setNull(next++, Types.BIGINT);
    return this;
  }

  /// The next one is a text, or not there.
  public Parameters add(@Nullable String value) throws SQLException {
    if (value == null) {
      statement.setNull(next++, Types.VARCHAR);
    } else {
      statement.setString(next++, value);
    }
    return this;
  }
}
