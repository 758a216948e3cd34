package org.agentchat.ledger.server;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/// Where the rows are: a SQLite file or a PostgreSQL database. One connection writes, a small pool
/// reads; each read sees one state of all tables.
///
/// Opening does not need a PostgreSQL server to be there; the first use does.
public final class Database implements AutoCloseable {
  /// Readers of a SQLite file: more only wait for the same cores.
  static final int MAX_SQLITE_READERS = 4;

  /// Readers of a PostgreSQL database, a modest part of its default of 100 connections.
  static final int MAX_POSTGRESQL_READERS = 8;

  /// Pages that gather beside a SQLite file before they are moved into it, 32 MiB: each move waits
  /// for the disk, and with SQLite's own 1,000 the same pages are moved again and again.
  private static final int CHECKPOINT_PAGES = 8_000;

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration BUSY_TIMEOUT = Duration.ofSeconds(5);

  private final Dialect dialect;
  private final DataSource writers;
  private final HikariDataSource readers;
  private final @Nullable FileLockGuard lock;
  private @Nullable Connection writer;

  private Database(
      Dialect dialect, DataSource writers, HikariDataSource readers, @Nullable FileLockGuard lock) {
    this.dialect = dialect;
    this.writers = writers;
    this.readers = readers;
    this.lock = lock;
  }

  /// Opens a database.
  ///
  /// @param location `jdbc:postgresql:...`, `jdbc:sqlite:...`, or the path of a SQLite file, which
  ///   is made when it is not there
  /// @throws DatabaseInUseException when another ledger server has the file
  /// @throws IllegalArgumentException when the location is something else
  public static Database open(String location) {
    if (location.startsWith("jdbc:postgresql:")) {
      return postgresql(location);
    }
    if (location.startsWith("jdbc:") && !location.startsWith("jdbc:sqlite:")) {
      throw new IllegalArgumentException(
          "a database is jdbc:postgresql:..., jdbc:sqlite:... or the path of a file, not "
              + location.substring(0, location.indexOf(':', "jdbc:".length()) + 1)
              + "...");
    }
    String file = location.startsWith("jdbc:") ? location.substring(12) : location;
    if (file.isBlank() || file.startsWith(":memory:") || file.contains("?")) {
      throw new IllegalArgumentException("a SQLite database is the path of a file, not " + file);
    }
    return sqlite(Path.of(file));
  }

  private static Database sqlite(Path file) {
    FileLockGuard lock = FileLockGuard.lock(file);
    HikariConfig pool = pool(sqliteSource(file), MAX_SQLITE_READERS);
    pool.setConnectionInitSql("PRAGMA query_only = ON");
    return new Database(Dialect.SQLITE, sqliteSource(file), new HikariDataSource(pool), lock);
  }

  private static SQLiteDataSource sqliteSource(Path file) {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    // What a power cut may take is projected again from the log.
    config.setSynchronous(SQLiteConfig.SynchronousMode.NORMAL);
    config.setBusyTimeout((int) BUSY_TIMEOUT.toMillis());
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + file);
    return source;
  }

  private static Database postgresql(String url) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(url);
    source.setReWriteBatchedInserts(true);
    source.setTcpKeepAlive(true);
    source.setConnectTimeout((int) CONNECT_TIMEOUT.toSeconds());
    if (source.getSocketTimeout() == 0) {
      source.setSocketTimeout((int) ANSWER_TIMEOUT.toSeconds());
    }
    source.setApplicationName("agentchat-ledger");
    HikariConfig pool = pool(source, MAX_POSTGRESQL_READERS);
    pool.setReadOnly(true);
    pool.setTransactionIsolation("TRANSACTION_REPEATABLE_READ");
    return new Database(Dialect.POSTGRESQL, source, new HikariDataSource(pool), null);
  }

  private static HikariConfig pool(DataSource source, int readers) {
    HikariConfig pool = new HikariConfig();
    pool.setPoolName("ledger-readers");
    pool.setDataSource(source);
    pool.setMaximumPoolSize(readers);
    pool.setMinimumIdle(1);
    pool.setAutoCommit(false);
    pool.setConnectionTimeout(CONNECT_TIMEOUT.toMillis());
    pool.setInitializationFailTimeout(-1);
    return pool;
  }

  Dialect dialect() {
    return dialect;
  }

  /// Connections for the migrations.
  DataSource source() {
    return writers;
  }

  /// The connection that writes, without auto-commit. One thread at a time.
  ///
  /// @throws SQLException also when another ledger server writes to the same PostgreSQL schema
  Connection writer() throws SQLException {
    if (writer == null) {
      Connection opened = writers.getConnection();
      try {
        prepareWriter(opened);
        opened.setAutoCommit(false);
      } catch (SQLException e) {
        opened.close();
        throw e;
      }
      writer = opened;
    }
    return writer;
  }

  /// Drops the connection that writes, because it failed; the next use makes a new one.
  void discardWriter() {
    Connection failed = writer;
    writer = null;
    if (failed != null) {
      try {
        failed.close();
      } catch (SQLException _) {
        // It has failed already, and whoever saw that has said so.
      }
    }
  }

  /// A connection for one read; closing gives it back.
  Connection reader() throws SQLException {
    return readers.getConnection();
  }

  private void prepareWriter(Connection opened) throws SQLException {
    switch (dialect) {
      case SQLITE -> {
        try (Statement statement = opened.createStatement()) {
          statement.execute("PRAGMA wal_autocheckpoint = " + CHECKPOINT_PAGES);
        }
      }
      case POSTGRESQL -> requireOnlyWriter(opened);
    }
  }

  /// What the lock file is for SQLite, a lock of the session is here.
  private static void requireOnlyWriter(Connection opened) throws SQLException {
    String sql =
        "SELECT pg_try_advisory_lock(hashtext('agentchat ledger'), hashtext(current_schema()))";
    try (Statement statement = opened.createStatement();
        ResultSet answer = statement.executeQuery(sql)) {
      answer.next();
      if (!answer.getBoolean(1)) {
        throw new SQLTransientConnectionException(
            "another ledger server writes to this schema; this one waits until it stops");
      }
    }
  }

  /// Closes every connection. What was not committed is gone.
  @Override
  public void close() {
    discardWriter();
    readers.close();
    if (lock != null) {
      lock.close();
    }
  }
}
