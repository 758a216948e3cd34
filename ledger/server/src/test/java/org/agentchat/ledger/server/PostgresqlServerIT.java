package org.agentchat.ledger.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import org.agentchat.database.Database;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PostgresqlServerIT {
  @TempDir private Path folder;

  @Test
  void connectionsThatBreakAreMadeAgain() throws Exception {
    Deals deals = Deals.many(11, 8, 40);
    FakeLog log = FakeLog.of(deals);
    log.truncate(40);
    try (EmbeddedPostgres postgres =
        EmbeddedPostgres.builder().setPGStartupWait(TestServer.PATIENCE).start()) {
      String url = postgres.getJdbcUrl("postgres", "postgres");
      try (TestServer server = TestServer.start(LedgerSettings.of(url), log)) {
        server.ledger().awaitCaughtUp(TestServer.PATIENCE);
        for (int size = 50; size <= deals.events().size(); size += 10) {
          breakConnections(postgres);
          log.append(deals.events().subList((int) log.size(), size));
          server.ledger().awaitSize(size, TestServer.PATIENCE);
        }
        await().atMost(TestServer.PATIENCE).until(() -> server.ledger().healthy());
        assertThat(server.json("/v1/stats").path("size").longValue()).isEqualTo(log.size());
      }
      TestServer.ready(folder.resolve("reference.db"), log).close();
      try (Database database = Store.database(url);
          Database sqlite = Store.database(folder.resolve("reference.db").toString())) {
        assertThat(RowDump.of(database)).isEqualTo(RowDump.of(sqlite));
      }
    }
  }

  private static void breakConnections(EmbeddedPostgres postgres) throws Exception {
    try (Connection connection = postgres.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
              + " WHERE application_name = 'agentchat-ledger'");
    }
  }

  @Test
  void serverMayStartBeforeItsDatabase() throws Exception {
    FakeLog log = FakeLog.of(Deals.many(11, 8, 5));
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    String url = "jdbc:postgresql://localhost:" + port + "/postgres?user=postgres";
    try (TestServer server = TestServer.start(LedgerSettings.of(url), log)) {
      await()
          .atMost(TestServer.PATIENCE)
          .until(() -> server.ledger().health().status() == Health.Status.DATABASE_AWAY);
      assertThat(server.get("/health").statusCode()).isEqualTo(503);
      assertThat(server.get("/v1/leaderboard").statusCode()).isEqualTo(503);
      try (EmbeddedPostgres _ =
          EmbeddedPostgres.builder().setPGStartupWait(TestServer.PATIENCE).setPort(port).start()) {
        server.ledger().awaitCaughtUp(TestServer.PATIENCE);
        await().atMost(TestServer.PATIENCE).until(() -> server.ledger().healthy());
      }
    }
  }
}
