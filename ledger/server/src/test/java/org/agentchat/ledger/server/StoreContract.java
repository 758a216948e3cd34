package org.agentchat.ledger.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.util.List;
import org.agentchat.database.Database;
import org.agentchat.ledger.Entry;
import org.agentchat.ledger.Ledger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What every database must do. Each test begins without tables.
abstract class StoreContract {
  @TempDir Path folder;

  private Database database;
  private Store store;

  /// Opens the database without waiting for others to let go of it.
  abstract Database open();

  @BeforeEach
  void makeTables() throws SQLException {
    database = open();
    store = new Store(database);
    // PostgreSQL frees a session's lock a moment after the test before has closed it.
    await()
        .atMost(TestServer.PATIENCE)
        .ignoreExceptionsInstanceOf(SQLTransientConnectionException.class)
        .until(() -> {
          store.dropAll();
          return true;
        });
    store.migrate();
  }

  @AfterEach
  void closeDatabase() {
    database.close();
  }

  private static void project(Store store, List<Entry> entries, int batch) throws SQLException {
    Projection projection = new Projection(store, store.position(), _ -> {});
    for (int i = 0; i < entries.size(); i += batch) {
      project(projection, entries.subList(i, Math.min(entries.size(), i + batch)));
    }
  }

  private static void project(Projection projection, List<Entry> entries) throws SQLException {
    int done = 0;
    while (done < entries.size()) {
      done += projection.apply(entries.subList(done, entries.size()));
    }
  }

  @Test
  void rowsAreTheSameOnEveryDatabase() throws SQLException {
    List<Entry> entries = MachineDeals.ofEveryKind().entries();
    project(store, entries, entries.size());
    try (Database reference = Store.database(folder.resolve("reference.db").toString())) {
      Store other = new Store(reference);
      other.migrate();
      project(other, entries, 1);
      assertThat(RowDump.of(database)).isEqualTo(RowDump.of(reference));
    }
  }

  @Test
  void batchSizeDoesNotMatter() throws SQLException {
    List<Entry> entries = Deals.many(7, 12, 150).entries();
    project(store, entries, entries.size());
    RowDump whole = RowDump.of(database);
    for (int batch : new int[] {1, 3, 64}) {
      store.dropAll();
      store.migrate();
      project(store, entries, batch);
      assertThat(RowDump.of(database)).as("batches of %d", batch).isEqualTo(whole);
    }
  }

  @Test
  void dropMigrateReplayGivesIdenticalRows() throws SQLException {
    List<Entry> entries = MachineDeals.ofEveryKind().entries();
    project(store, entries, 5);
    RowDump before = RowDump.of(database);
    store.dropAll();
    store.migrate();
    assertThat(RowDump.of(database)).isNotEqualTo(before);
    project(store, entries, 4);
    assertThat(RowDump.of(database)).isEqualTo(before);
  }

  @Test
  void restartGoesOnWhereTheRowsAre() throws SQLException {
    List<Entry> entries = MachineDeals.ofEveryKind().entries();
    project(store, entries, entries.size());
    RowDump whole = RowDump.of(database);
    for (int cut = 1; cut < entries.size(); cut += 5) {
      store.dropAll();
      store.migrate();
      project(store, entries.subList(0, cut), 2);
      assertThat(store.position().size()).isEqualTo(cut);
      project(store, entries, 4);
      assertThat(RowDump.of(database)).as("stopped at %d", cut).isEqualTo(whole);
    }
  }

  @Test
  void positionNamesTheLogAndItsRoot() throws SQLException {
    List<Entry> entries = MachineDeals.ofEveryKind().entries();
    Ledger ledger = new Ledger();
    entries.forEach(ledger::apply);
    project(store, entries, 8);
    assertThat(store.position())
        .isEqualTo(new Position(entries.size(), ledger.rootHash(), Deals.ORIGIN, ledger.clock()));
  }

  @Test
  void emptyTablesAreAtTheBeginning() throws SQLException {
    assertThat(store.position()).isEqualTo(Position.START);
  }

  @Test
  void anotherLogUnderTheSameRowsIsNoticed() throws SQLException {
    project(store, Deals.many(1, 4, 5).entries(), 4);
    RowDump before = RowDump.of(database);
    List<Entry> other = Deals.many(2, 4, 9).entries();
    assertThatThrownBy(() -> project(store, other, 3))
        .isInstanceOf(LogReplacedException.class)
        .hasMessageContaining("the log was replaced");
    assertThat(RowDump.of(database)).isEqualTo(before);
  }

  @Test
  void failedBatchLeavesNothingAndTheNextAttemptWritesAll() throws SQLException {
    List<Entry> entries = MachineDeals.ofEveryKind().entries();
    project(store, entries.subList(0, 6), 6);
    Projection projection = new Projection(store, store.position(), _ -> {});
    project(projection, entries.subList(0, 6));
    RowDump before = RowDump.of(database);
    execute("ALTER TABLE receipt RENAME TO hidden");

    assertThatThrownBy(() -> project(projection, entries.subList(6, entries.size())))
        .isInstanceOf(SQLException.class);
    assertThat(projection.committed().size()).isEqualTo(6);
    assertThat(projection.stats()).isEmpty();

    execute("ALTER TABLE hidden RENAME TO receipt");
    assertThat(RowDump.of(database)).isEqualTo(before);
    projection.commit();
    assertThat(projection.stats()).isPresent();
    RowDump after = RowDump.of(database);
    store.dropAll();
    store.migrate();
    project(store, entries, entries.size());
    assertThat(after).isEqualTo(RowDump.of(database));
  }

  private void execute(String sql) throws SQLException {
    Connection connection = database.writer();
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate(sql);
    }
    connection.commit();
  }

  @Test
  void crashBeforeTheCommitLeavesTheLastBatch() throws SQLException {
    project(store, MachineDeals.ofEveryKind().entries().subList(0, 9), 3);
    RowDump before = RowDump.of(database);
    try (Statement statement = database.writer().createStatement()) {
      statement.executeUpdate("UPDATE position SET next_index = 10");
      statement.executeUpdate("UPDATE agent SET rating = 9999");
    }
    database.close();
    database = open();
    assertThat(RowDump.of(database)).isEqualTo(before);
  }

  @Test
  void batchWhoseAnswerWasLostIsNotWrittenTwice() throws SQLException {
    Batch batch = batch(0, new Position(3, "aa", "x", 5));
    store.write(batch);
    store.write(batch);
    assertThat(store.position()).isEqualTo(batch.to());
  }

  @Test
  void batchOfSomebodyElseIsRefused() throws SQLException {
    store.write(batch(0, new Position(3, "aa", "x", 5)));
    assertThatThrownBy(() -> store.write(batch(0, new Position(3, "bb", "x", 5))))
        .isInstanceOf(LogReplacedException.class)
        .hasMessageContaining("somebody else");
  }

  private static Batch batch(long from, Position to) {
    return new Batch(
        from, to, List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(),
        List.of(), List.of(), List.of(), List.of(), List.of(), List.of());
  }

  @Test
  void migratingTwiceChangesNothing() throws SQLException {
    project(store, MachineDeals.ofEveryKind().entries(), 9);
    RowDump before = RowDump.of(database);
    store.migrate();
    assertThat(RowDump.of(database)).isEqualTo(before);
  }

  @Test
  void readersSeeOneStateWhileTheWriterGoesOn() throws SQLException {
    List<Entry> entries = Deals.many(3, 6, 20).entries();
    project(store, entries.subList(0, 30), 30);
    Reads reads = new Reads(database);
    long seen =
        reads.at((rows, size) -> {
          project(store, entries, entries.size());
          return rows.one("SELECT next_index FROM position", _ -> {}, row -> row.getLong(1))
              .orElseThrow();
        });
    assertThat(seen).isEqualTo(30);
    assertThat(store.position().size()).isEqualTo(entries.size());
  }
}
