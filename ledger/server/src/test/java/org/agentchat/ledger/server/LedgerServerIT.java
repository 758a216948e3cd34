package org.agentchat.ledger.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.agentchat.database.Database;
import org.agentchat.database.DatabaseInUseException;
import org.agentchat.ledger.Ledger;
import org.agentchat.ledger.VerifiedEvents;
import org.agentchat.log.LogFailures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

final class LedgerServerIT {
  @TempDir private Path folder;

  private Path file() {
    return folder.resolve("ledger.db");
  }

  private RowDump dump() throws SQLException {
    try (Database database = Store.database(file().toString())) {
      return RowDump.of(database);
    }
  }

  @Test
  void statsAreThoseOfAnotherFoldOfTheSameLog() throws Exception {
    Deals deals = Deals.ofEveryKind();
    Ledger ledger = new Ledger();
    deals.entries().forEach(ledger::apply);
    try (TestServer server = TestServer.ready(file(), FakeLog.of(deals))) {
      JsonNode stats = server.json("/v1/stats");
      assertThat(stats.path("origin").stringValue()).isEqualTo(Deals.ORIGIN);
      assertThat(stats.path("size").longValue()).isEqualTo(ledger.size());
      assertThat(stats.path("root_hash").stringValue()).isEqualTo(ledger.rootHash());
      assertThat(stats.path("state_hash").stringValue()).isEqualTo(ledger.stateHash());
      assertThat(stats.path("agents_known").intValue()).isEqualTo(4);
      assertThat(stats.path("receipts").intValue()).isEqualTo(8);
      assertThat(stats.path("proposals").toString())
          .isEqualTo(
              "{\"pending\":1,\"accepted\":1,\"contested\":0,\"rejected\":1,\"expired\":4,"
                  + "\"completed\":7,\"disputed\":1}");
    }
  }

  @Test
  void newEntriesAreServedAtOnce() throws Exception {
    Deals deals = Deals.begun();
    FakeLog log = FakeLog.of(deals);
    try (TestServer server = TestServer.ready(file(), log)) {
      for (int i = 0; i < 20; i++) {
        int before = deals.events().size();
        String id = deals.finish(Deals.agent(1), Deals.agent(2), Deals.Terms.PLAIN);
        List<byte[]> events = deals.events();
        log.append(events.subList(before, events.size()));
        server.ledger().awaitSize(events.size(), TestServer.PATIENCE);
        assertThat(server.get("/v1/receipts/" + id).statusCode()).isEqualTo(200);
      }
      assertThat(server.ledger().healthy()).isTrue();
    }
  }

  @Test
  void restartGoesOnAndEndsWithTheSameRows() throws Exception {
    Deals deals = Deals.many(11, 8, 60);
    FakeLog log = FakeLog.of(deals);
    log.truncate(50);
    TestServer.ready(file(), log).close();
    assertThat(dump().position()).isEqualTo(50);
    log.append(deals.events().subList(50, deals.events().size()));
    TestServer.ready(file(), log).close();
    RowDump continued = dump();

    TestServer.ready(folder.resolve("fresh.db"), log).close();
    try (Database fresh = Store.database(folder.resolve("fresh.db").toString())) {
      assertThat(continued).isEqualTo(RowDump.of(fresh));
    }
  }

  @Test
  void logThatWasRolledBackStopsTheProjector() throws Exception {
    FakeLog log = FakeLog.of(Deals.many(11, 8, 20));
    TestServer.ready(file(), log).close();
    RowDump before = dump();
    log.truncate(10);
    requireStopped(log, "the log was replaced or rolled back");
    assertThat(dump()).isEqualTo(before);
  }

  @Test
  void anotherLogStopsTheProjector() throws Exception {
    TestServer.ready(file(), FakeLog.of(Deals.many(11, 8, 20))).close();
    RowDump before = dump();
    requireStopped(FakeLog.of(Deals.many(12, 8, 30)), "the log was replaced");
    assertThat(dump()).isEqualTo(before);
  }

  @Test
  void logThatShrinksMeanwhileStopsTheProjector() throws Exception {
    FakeLog log = FakeLog.of(Deals.many(11, 8, 20));
    try (TestServer server = TestServer.ready(file(), log)) {
      log.truncate(10);
      await()
          .atMost(TestServer.PATIENCE)
          .until(() -> server.ledger().stopped().isCompletedExceptionally());
    }
  }

  @Test
  void logWithAMissingRecordStopsTheProjector() throws Exception {
    FakeLog log = FakeLog.of(Deals.many(11, 8, 20));
    try (TestServer server = TestServer.ready(file(), log)) {
      log.fail(LogFailures.missing(61, 64));
      await()
          .atMost(TestServer.PATIENCE)
          .until(() -> server.ledger().stopped().isCompletedExceptionally());
      assertThat(server.get("/health").statusCode()).isEqualTo(503);
      assertThat(server.ledger().health().reason()).contains("wanted index 61, found 64");
      assertThat(server.get("/v1/leaderboard").statusCode()).isEqualTo(200);
    }
  }

  private void requireStopped(FakeLog log, String why) throws IOException, InterruptedException {
    try (TestServer server = TestServer.start(file(), log)) {
      assertThatThrownBy(() -> server.ledger().awaitSize(1_000, TestServer.PATIENCE))
          .isInstanceOf(ProjectionStoppedException.class)
          .hasCauseInstanceOf(LogReplacedException.class)
          .hasMessageContaining(why);
      assertThat(server.ledger().stopped()).isCompletedExceptionally();
      assertThat(server.get("/health").body()).contains("\"stopped\"").contains(why);
      assertThat(server.get("/v1/stats").statusCode()).isEqualTo(503);
    }
  }

  @Test
  void rebuildTakesTheOtherLog() throws Exception {
    TestServer.ready(file(), FakeLog.of(Deals.many(11, 8, 20))).close();
    FakeLog other = FakeLog.of(Deals.many(12, 8, 5));
    LedgerSettings settings = LedgerSettings.of(file().toString()).withRebuild();
    try (TestServer server = TestServer.start(settings, other)) {
      server.ledger().awaitCaughtUp(TestServer.PATIENCE);
      assertThat(server.ledger().position().size()).isEqualTo(other.size());
    }
    TestServer.ready(file(), other).close();
  }

  @Test
  void logThatIsAwayIsWaitedFor() throws Exception {
    Deals deals = Deals.many(11, 8, 20);
    FakeLog log = FakeLog.of(deals);
    log.fail(LogFailures.away());
    try (TestServer server = TestServer.start(file(), log)) {
      await()
          .atMost(TestServer.PATIENCE)
          .until(() -> server.ledger().health().status() == Health.Status.LOG_AWAY);
      assertThat(server.get("/health").statusCode()).isEqualTo(503);
      assertThat(server.get("/health").body()).contains("the broker is away");
      log.fail(null);
      server.ledger().awaitCaughtUp(TestServer.PATIENCE);
      await().atMost(TestServer.PATIENCE).until(() -> server.ledger().healthy());

      log.fail(LogFailures.away());
      await()
          .atMost(TestServer.PATIENCE)
          .until(() -> server.ledger().health().status() == Health.Status.LOG_AWAY);
      assertThat(server.get("/v1/log").statusCode()).isEqualTo(503);
      log.fail(null);
      await().atMost(TestServer.PATIENCE).until(() -> server.ledger().healthy());
    }
  }

  @Test
  void databaseThatIsBusyIsWaitedFor() throws Exception {
    Deals deals = Deals.many(11, 8, 20);
    FakeLog log = FakeLog.of(deals);
    log.truncate(30);
    try (TestServer server = TestServer.ready(file(), log);
        Connection other = DriverManager.getConnection("jdbc:sqlite:" + file());
        Statement statement = other.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      log.append(deals.events().subList(30, deals.events().size()));
      await()
          .atMost(TestServer.PATIENCE)
          .until(() -> server.ledger().health().status() == Health.Status.DATABASE_AWAY);
      assertThat(server.ledger().position().size()).isEqualTo(30);
      assertThat(server.get("/v1/stats").statusCode()).isEqualTo(503);
      assertThat(server.get("/v1/leaderboard").statusCode()).isEqualTo(200);
      statement.execute("ROLLBACK");
      server.ledger().awaitCaughtUp(TestServer.PATIENCE);
      await().atMost(TestServer.PATIENCE).until(() -> server.ledger().healthy());
    }
    RowDump after = dump();
    TestServer.ready(folder.resolve("fresh.db"), log).close();
    try (Database fresh = Store.database(folder.resolve("fresh.db").toString())) {
      assertThat(after).isEqualTo(RowDump.of(fresh));
    }
  }

  @Test
  void secondServerOnTheSameFileIsRefused() throws Exception {
    FakeLog log = FakeLog.of(Deals.begun());
    try (TestServer first = TestServer.ready(file(), log)) {
      assertThatThrownBy(() -> TestServer.start(file(), log))
          .isInstanceOf(DatabaseInUseException.class);
      assertThat(first.ledger().healthy()).isTrue();
    }
  }

  @Test
  void portThatIsTakenIsNamed() throws Exception {
    FakeLog log = FakeLog.of(Deals.begun());
    try (TestServer first = TestServer.ready(file(), log)) {
      int port = first.ledger().address().getPort();
      LedgerSettings settings =
          LedgerSettings.of(folder.resolve("other.db").toString()).withPort(port);
      assertThatThrownBy(() -> LedgerServer.start(settings, log, new VerifiedEvents()))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("cannot listen on 127.0.0.1:" + port);
    }
    // Nothing of the attempt is left over.
    TestServer.ready(folder.resolve("other.db"), log).close();
  }

  @Test
  void waitingForWhatDoesNotComeSaysHowFarItIs() throws Exception {
    try (TestServer server = TestServer.ready(file(), FakeLog.of(Deals.begun()))) {
      assertThatThrownBy(() -> server.ledger().awaitSize(5, Duration.ofMillis(50)))
          .isInstanceOf(TimeoutException.class)
          .hasMessageContaining("the ledger has read 1 of 5 entries");
    }
  }

  @Test
  void emptyLogIsHealthy() throws Exception {
    try (TestServer server = TestServer.ready(file(), new FakeLog())) {
      await().atMost(TestServer.PATIENCE).until(() -> server.ledger().healthy());
      assertThat(server.json("/v1/stats").path("average_rating").isNull()).isTrue();
      assertThat(server.json("/v1/log").path("entries").size()).isZero();
    }
  }

  @Test
  void closingDoesNotWaitLong() throws Exception {
    TestServer server = TestServer.ready(file(), FakeLog.of(Deals.many(11, 8, 20)));
    server.close();
    // Who closes waits for the projector, but for some seconds only.
    assertThat(server.ledger().stopped()).isCompleted();
  }
}
