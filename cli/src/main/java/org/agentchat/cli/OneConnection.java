package org.agentchat.cli;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.agentchat.database.Database;
import org.agentchat.escrow.chain.JdbcTransactionStore;

/// A database's one connection that writes, for transactions one after another.
final class OneConnection implements JdbcTransactionStore.Transactions {
  private final ReentrantLock lock = new ReentrantLock();
  private final Database database;

  /// @param database stays its owner's to close
  OneConnection(Database database) {
    this.database = database;
  }

  @Override
  public <T> T run(JdbcTransactionStore.Work<T> work) throws SQLException {
    lock.lock();
    try {
      List<T> result = new ArrayList<>(1);
      database.transaction(connection -> result.add(work.run(connection)));
      return result.getFirst();
    } finally {
      lock.unlock();
    }
  }
}
