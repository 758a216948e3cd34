package org.agentchat.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.agentchat.database.Database;
import org.agentchat.database.DatabaseInUseException;
import org.junit.jupiter.api.Test;

final class SqliteOutboxIT extends OutboxContract {
  @Override
  Database open() {
    return Outbox.database(folder.resolve("outbox/hooks.db").toString());
  }

  @Override
  Database visit() {
    return Outbox.visit(folder.resolve("outbox/hooks.db").toString());
  }

  @Test
  void secondReactorOnTheSameFileIsToldSo() {
    assertThatThrownBy(this::open)
        .isInstanceOf(DatabaseInUseException.class)
        .hasMessageContaining("hooks.db is in use by another hooks server");
  }

  @Test
  void whatIsDueIsFoundByIndexes() throws SQLException {
    List<String> steps =
        outbox.transaction(connection -> {
          try (PreparedStatement statement =
              connection.prepareStatement("EXPLAIN QUERY PLAN " + Outbox.SELECT_DUE)) {
            List<String> found = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
              while (rows.next()) {
                found.add(rows.getString("detail"));
              }
            }
            return found;
          }
        });
    assertThat(steps)
        .anyMatch(step -> step.contains("intent_due"))
        .anyMatch(step -> step.contains("intent_lane"))
        .noneMatch(step -> step.startsWith("SCAN"));
  }
}
