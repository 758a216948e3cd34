package org.agentchat.escrow.chain;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import org.jspecify.annotations.Nullable;

/// Fills a statement's parameters in their order.
final class Columns {
  private final PreparedStatement statement;
  private int filled;

  Columns(PreparedStatement statement) {
    this.statement = statement;
  }

  Columns add(@Nullable String value) throws SQLException {
    statement.setString(++filled, value);
    return this;
  }

  Columns add(long value) throws SQLException {
    statement.setLong(++filled, value);
    return this;
  }

  Columns add(@Nullable Long value) throws SQLException {
    if (value == null) {
      statement.setNull(++filled, Types.BIGINT);
      return this;
    }
    return add(value.longValue());
  }
}
