package org.agentchat.hooks;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import org.agentchat.database.Database;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class PostgresqlOutboxIT extends OutboxContract {
  private static EmbeddedPostgres server;

  @BeforeAll
  static void startServer() throws IOException {
    server = EmbeddedPostgres.builder().setPGStartupWait(Duration.ofSeconds(90)).start();
  }

  @AfterAll
  static void stopServer() throws IOException {
    server.close();
  }

  private static String url() {
    return server.getJdbcUrl("postgres", "postgres");
  }

  @Override
  Database open() {
    return Outbox.database(url());
  }

  @Override
  Database visit() {
    return Outbox.visit(url());
  }

  @Test
  void secondReactorOnTheSameSchemaWaits() {
    try (Database second = open()) {
      assertThatThrownBy(second::writer)
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("another hooks server writes to this schema");
    }
  }
}
