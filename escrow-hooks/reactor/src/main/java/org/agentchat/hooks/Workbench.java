package org.agentchat.hooks;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.function.Function;
import org.agentchat.ledger.Ledger;
import org.agentchat.log.EventLog;

/// What the reactor lends to a handler. Any thread may use it.
public interface Workbench {
  /// Some reading and writing that is one transaction.
  @FunctionalInterface
  interface Work<T> {
    T run(Connection connection) throws SQLException;
  }

  /// Runs the work in one transaction of the outbox's database, in which a handler may have tables
  /// of its own (a migration beside that of the outbox). Others wait meanwhile, so nothing in it
  /// waits for a network.
  ///
  /// @throws SQLException when it was not recorded, or may not have been: the handler looks again
  <T> T transaction(Work<T> work) throws SQLException;

  /// Asks the fold, which stands still meanwhile; it is as far as the log has been read.
  <T> T look(Function<Ledger, T> question);

  /// The log, for statements of the handler's own.
  EventLog log();

  /// This machine's clock.
  InstantSource clock();

  /// A fault of the handler's own threads after which nothing can be relied on (an [Error]): the
  /// reactor stops and says so, as after one in an attempt.
  void fail(Throwable fault);

  /// Something has changed outside (a new block): every waiting intent of the hook is looked at
  /// again now. Cheap, and never waits.
  void wake();
}
