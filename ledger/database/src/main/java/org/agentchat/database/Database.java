package org.agentchat.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteErrorCode;

/// Where a server's rows are: a SQLite file or a PostgreSQL database. One connection writes, a
/// small pool reads; each read sees one state of all tables.
///
/// Opening does not need a PostgreSQL server to be there; the first use does.
public final class Database implements AutoCloseable {
  /// Readers of a SQLite file: more only wait for the same cores.
  private static final int MAX_SQLITE_READERS = 4;

  /// Readers of a PostgreSQL database, a modest part of its default of 100 connections.
  private static final int MAX_POSTGRESQL_READERS = 8;

  /// Pages that gather beside a SQLite file before they are moved into it, 32 MiB: each move waits
  /// for the disk, and with SQLite's own 1,000 the same pages are moved again and again.
  private static final int CHECKPOINT_PAGES = 8_000;

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration BUSY_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration BUSY_PAUSE = Duration.ofMillis(2);

  private final Tenant tenant;
  private final boolean alone;
  private final Dialect dialect;
  private final DataSource writers;
  private final HikariDataSource readers;
  private final @Nullable FileLockGuard lock;
  private @Nullable Connection writer;

  private Database(
      Tenant tenant,
      boolean alone,
      Dialect dialect,
      DataSource writers,
      HikariDataSource readers,
      @Nullable FileLockGuard lock) {
    this.tenant = tenant;
    this.alone = alone;
    this.dialect = dialect;
    this.writers = writers;
    this.readers = readers;
    this.lock = lock;
  }

  /// Opens a database for the one server that keeps it.
  ///
  /// @param location `jdbc:postgresql:...`, `jdbc:sqlite:...`, or the path of a SQLite file, which
  ///   is made when it is not there
  /// @throws DatabaseInUseException when another such server has the file
  /// @throws IllegalArgumentException when the location is something else
  public static Database open(String location, Tenant tenant) {
    return open(location, tenant, true);
  }

  /// Opens a database beside the server that keeps it, which may be running: to look, or to change
  /// a few rows in a short transaction.
  ///
  /// @throws IllegalArgumentException as [#open]
  public static Database visit(String location, Tenant tenant) {
    return open(location, tenant, false);
  }

  private static Database open(String location, Tenant tenant, boolean alone) {
    return fileOf(location)
        .map(file -> sqlite(file, tenant, alone))
        .orElseGet(() -> postgresql(location, tenant, alone));
  }

  /// The SQLite file of that location; empty when it is a PostgreSQL database.
  ///
  /// @throws IllegalArgumentException when the location is neither
  public static Optional<Path> fileOf(String location) {
    if (location.startsWith("jdbc:postgresql:")) {
      return Optional.empty();
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
    return Optional.of(Path.of(file));
  }

  private static Database sqlite(Path file, Tenant tenant, boolean alone) {
    FileLockGuard lock = alone ? FileLockGuard.lock(file, tenant) : null;
    HikariConfig pool = pool(sqliteSource(file, tenant), tenant, MAX_SQLITE_READERS);
    pool.setConnectionInitSql("PRAGMA query_only = ON");
    return new Database(
        tenant,
        alone,
        Dialect.SQLITE,
        sqliteSource(file, tenant),
        new HikariDataSource(pool),
        lock);
  }

  private static SQLiteDataSource sqliteSource(Path file, Tenant tenant) {
    SQLiteConfig config = new SQLiteConfig();
    config.setSynchronous(
        switch (tenant.rows()) {
          case MADE_AGAIN -> SQLiteConfig.SynchronousMode.NORMAL;
          case NOWHERE_ELSE -> SQLiteConfig.SynchronousMode.FULL;
        });
    config.setBusyTimeout((int) BUSY_TIMEOUT.toMillis());
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + file);
    return source;
  }

  private static Database postgresql(String url, Tenant tenant, boolean alone) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(url);
    source.setReWriteBatchedInserts(true);
    source.setTcpKeepAlive(true);
    source.setConnectTimeout((int) CONNECT_TIMEOUT.toSeconds());
    if (source.getSocketTimeout() == 0) {
      source.setSocketTimeout((int) ANSWER_TIMEOUT.toSeconds());
    }
    source.setApplicationName("agentchat-" + tenant.name());
    HikariConfig pool = pool(source, tenant, MAX_POSTGRESQL_READERS);
    pool.setReadOnly(true);
    pool.setTransactionIsolation("TRANSACTION_REPEATABLE_READ");
    return new Database(
        tenant, alone, Dialect.POSTGRESQL, source, new HikariDataSource(pool), null);
  }

  private static HikariConfig pool(DataSource source, Tenant tenant, int readers) {
    HikariConfig pool = new HikariConfig();
    pool.setPoolName(tenant.name() + "-readers");
    pool.setDataSource(source);
    pool.setMaximumPoolSize(readers);
    pool.setMinimumIdle(1);
    pool.setAutoCommit(false);
    pool.setConnectionTimeout(CONNECT_TIMEOUT.toMillis());
    pool.setInitializationFailTimeout(-1);
    return pool;
  }

  /// Which SQL it speaks.
  public Dialect dialect() {
    return dialect;
  }

  /// Makes the tables, or brings them up to date.
  ///
  /// @param location of the migrations, `classpath:...`
  /// @param history the table in which Flyway notes what it did
  /// @throws SQLException when the database does not answer or its tables are not ours
  public void migrate(String location, String history) throws SQLException {
    if (dialect == Dialect.SQLITE) {
      try (Connection connection = writers.getConnection()) {
        writeAhead(connection);
      }
    }
    try {
      Flyway.configure()
          .dataSource(writers)
          .locations(location)
          .table(history)
          .baselineOnMigrate(true)
          .baselineVersion("0")
          .placeholders(dialect.placeholders())
          .load()
          .migrate();
    } catch (FlywayException e) {
      throw new SQLException("the tables cannot be made: " + e.getMessage(), e);
    }
  }

  /// Something to do in a transaction.
  @FunctionalInterface
  public interface Work {
    void run(Connection connection) throws SQLException;
  }

  /// Does it all or nothing, on the connection that writes. One thread at a time.
  ///
  /// Where visitors may write to the same SQLite file, work that writes does so before it reads:
  /// otherwise what it read may be old by the time it writes, and it fails.
  ///
  /// @throws SQLException when it was not recorded, or may not have been
  public void transaction(Work work) throws SQLException {
    Connection connection = writer();
    boolean done = false;
    try {
      work.run(connection);
      connection.commit();
      done = true;
    } finally {
      if (!done) {
        rollback(connection);
        discardWriter();
      }
    }
  }

  private static void rollback(Connection connection) {
    try {
      connection.rollback();
    } catch (SQLException _) {
      // The connection is gone and its transaction with it; the first failure is the one to tell.
    }
  }

  /// The connection that writes, without auto-commit. One thread at a time.
  ///
  /// @throws SQLException also when another such server writes to the same PostgreSQL schema
  public Connection writer() throws SQLException {
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
  public void discardWriter() {
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
  public Connection reader() throws SQLException {
    return readers.getConnection();
  }

  private void prepareWriter(Connection opened) throws SQLException {
    switch (dialect) {
      case SQLITE -> {
        writeAhead(opened);
        try (Statement statement = opened.createStatement()) {
          statement.execute("PRAGMA wal_autocheckpoint = " + CHECKPOINT_PAGES);
        }
      }
      case POSTGRESQL -> {
        if (alone) {
          requireOnlyWriter(opened);
        }
      }
    }
  }

  /// Lets readers read while one writes; the file remembers it. Of two connections that do it to a
  /// new file at once SQLite refuses one immediately, without the patience of its busy time-out.
  private static void writeAhead(Connection connection) throws SQLException {
    long begun = System.nanoTime();
    while (true) {
      try (Statement statement = connection.createStatement();
          ResultSet mode = statement.executeQuery("PRAGMA journal_mode = WAL")) {
        if (!mode.next() || !mode.getString(1).equals("wal")) {
          throw new SQLException("no write-ahead log can be kept beside the SQLite file");
        }
        return;
      } catch (SQLException e) {
        if (e.getErrorCode() != SQLiteErrorCode.SQLITE_BUSY.code
            || System.nanoTime() - begun > BUSY_TIMEOUT.toNanos()
            || Thread.currentThread().isInterrupted()) {
          throw e;
        }
        LockSupport.parkNanos(BUSY_PAUSE.toNanos());
      }
    }
  }

  /// What the lock file is for SQLite, a lock of the session is here.
  private void requireOnlyWriter(Connection opened) throws SQLException {
    String sql = "SELECT pg_try_advisory_lock(hashtext(?), hashtext(current_schema()))";
    try (PreparedStatement statement = opened.prepareStatement(sql)) {
      statement.setString(1, "agentchat " + tenant.name());
      try (ResultSet answer = statement.executeQuery()) {
        answer.next();
        if (!answer.getBoolean(1)) {
          throw new SQLTransientConnectionException(
              "another %s server writes to this schema; this one waits until it stops"
                  .formatted(tenant.name()));
        }
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
