package org.agentchat.escrow.chain;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/// A database with the chain's tables, as its owner would open it: one connection writes.
final class OneWriter implements AutoCloseable, JdbcTransactionStore.Transactions {
  private final ReentrantLock lock = new ReentrantLock();
  private final Connection connection;

  private OneWriter(Connection connection) {
    this.connection = connection;
  }

  static OneWriter sqlite(Path file) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.OFF);
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + file);
    return of(source);
  }

  static OneWriter of(DataSource source) throws SQLException {
    ChainSchema.migrate(source);
    Connection connection = source.getConnection();
    connection.setAutoCommit(false);
    return new OneWriter(connection);
  }

  @Override
  public <T> T run(JdbcTransactionStore.Work<T> work) throws SQLException {
    lock.lock();
    boolean done = false;
    try {
      T result = work.run(connection);
      connection.commit();
      done = true;
      return result;
    } finally {
      if (!done) {
        connection.rollback();
      }
      lock.unlock();
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
