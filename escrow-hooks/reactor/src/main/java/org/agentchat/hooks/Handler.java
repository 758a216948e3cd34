package org.agentchat.hooks;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/// One kind of reaction, set up for one hook. The reactor calls [#start] once, then [#attempt] for
/// intents whose turn it is, then [#close].
public interface Handler extends AutoCloseable {
  /// The pure half: what follows from an entry.
  Planner planner();

  /// Begins work in the background, if there is any. The fold has read as much of the log as was
  /// planned from before; attempts come after this.
  ///
  /// @throws SQLException when the database does not answer; it is called again
  default void start(Workbench workbench) throws SQLException {}

  /// Makes one attempt, or one step of several. Called on a virtual thread, for several intents at
  /// once but never for two of one lane. It may wait, for a bounded time, and may be called again
  /// after its effect but before its outcome was stored: it recognises what it did already, or
  /// gives the other side the means to.
  ///
  /// @throws InterruptedException when the reactor stops; the intent is attempted again after the
  ///   next start
  /// @throws SQLException when the database does not answer; the intent is attempted again soon
  Outcome attempt(Intent intent) throws InterruptedException, SQLException;

  /// Does something harmless right now, to show that the hook would work: a delivery of a sample, a
  /// look at the chain. Called by `agentchat hooks test`, without [#start].
  ///
  /// @throws InterruptedException when nobody wants to know any more
  Outcome test() throws InterruptedException;

  /// For how long an intent is remembered once it is done. Empty: for ever.
  Optional<Duration> retention();

  /// Ends the background work. Attempts under way were interrupted before.
  @Override
  default void close() {}
}
