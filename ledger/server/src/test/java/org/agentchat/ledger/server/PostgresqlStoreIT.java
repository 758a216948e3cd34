package org.agentchat.ledger.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.SQLException;
import org.agentchat.database.Database;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class PostgresqlStoreIT extends StoreContract {
  private static EmbeddedPostgres server;

  @BeforeAll
  static void startServer() throws IOException {
    server = EmbeddedPostgres.builder().setPGStartupWait(TestServer.PATIENCE).start();
  }

  @AfterAll
  static void stopServer() throws IOException {
    server.close();
  }

  @Override
  Database open() {
    return Store.database(server.getJdbcUrl("postgres", "postgres"));
  }

  @Test
  void secondServerOnTheSameSchemaWaits() throws SQLException {
    try (Database second = open()) {
      assertThatThrownBy(second::writer)
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("another ledger server writes to this schema");
      assertThat(RowDump.of(second).position()).isZero();
    }
  }
}
