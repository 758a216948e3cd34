package org.agentchat.ledger.server;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import org.jspecify.annotations.Nullable;

/// Binds the parameters of a statement, one after another.
final class Parameters {
  private final PreparedStatement statement;
  private int next = 1;

  Parameters(PreparedStatement statement) {
    this.statement = statement;
  }

  Parameters add(long value) throws SQLException {
    statement.setLong(next++, value);
    return this;
  }

  /// A whole number that is not there.
  Parameters addNoNumber() throws SQLException {
    statement.setNull(next++, Types.BIGINT);
    return this;
  }

  Parameters add(@Nullable String value) throws SQLException {
    if (value == null) {
      statement.setNull(next++, Types.VARCHAR);
    } else {
      statement.setString(next++, value);
    }
    return this;
  }
}
