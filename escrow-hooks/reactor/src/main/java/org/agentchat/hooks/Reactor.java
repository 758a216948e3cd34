package org.agentchat.hooks;

import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.agentchat.database.Database;
import org.agentchat.database.DatabaseInUseException;
import org.agentchat.ledger.EntryReader;
import org.agentchat.ledger.Ledger;
import org.agentchat.ledger.VerifiedEvents;
import org.agentchat.log.EventLog;
import org.agentchat.schemas.identity.Ed25519Verifier;

/// Running hooks: one thread folds the log and records what is to be done, each hook works that off
/// on its own. Any thread may use it.
public final class Reactor implements AutoCloseable {
  private final Database database;
  private final Outbox outbox;
  private final List<Hook> hooks;
  private final EventLog log;
  private final InstantSource clock = InstantSource.system();
  private final Progress progress = new Progress();
  private final ReactorMetrics metrics = new ReactorMetrics();
  private final Fold fold;
  private final List<HookRunner> runners = new ArrayList<>();
  private final Follower follower;
  private final Optional<HealthServer> health;

  /// How many of the hooks have begun; the follower's thread alone counts.
  private int begun;

  private Reactor(
      ReactorSettings settings,
      Database database,
      List<Hook> hooks,
      EventLog log,
      VerifiedEvents verified,
      Consumer<Step> steps) {
    this.database = database;
    this.outbox = new Outbox(database);
    this.hooks = List.copyOf(hooks);
    this.log = log;
    this.fold = new Fold(this.hooks);
    for (Hook hook : this.hooks) {
      runners.add(new HookRunner(hook, outbox, progress, metrics, clock, steps));
    }
    this.follower =
        new Follower(
            outbox,
            log,
            new EntryReader(new Ed25519Verifier(), verified),
            this.hooks,
            fold,
            progress,
            clock,
            steps,
            metrics,
            this::begin,
            () -> runners.forEach(HookRunner::look));
    Summaries summaries = new Summaries(outbox);
    metrics.watch(progress::health, this.hooks, summaries::get);
    this.health =
        settings
            .listen()
            .map(listen -> HealthServer.start(listen, progress::health, summaries::get, metrics));
  }

  /// Starts the hooks. Neither the log nor a PostgreSQL server needs to answer yet.
  ///
  /// @param hooks their handlers are closed with the reactor, or when it does not start
  /// @param log stays its owner's to close, after the reactor
  /// @param verified signatures that this process has checked already; a process that appends
  ///   nothing gives an empty one
  /// @throws DatabaseInUseException when another reactor has the database file
  /// @throws IllegalArgumentException when the database's location is not one, or two hooks have
  ///   one name
  /// @throws UncheckedIOException when the port cannot be had
  public static Reactor start(
      ReactorSettings settings, List<Hook> hooks, EventLog log, VerifiedEvents verified) {
    return start(settings, hooks, log, verified, _ -> {});
  }

  static Reactor start(
      ReactorSettings settings,
      List<Hook> hooks,
      EventLog log,
      VerifiedEvents verified,
      Consumer<Step> steps) {
    Database database = null;
    try {
      requireDifferentNames(hooks);
      database = Outbox.database(settings.database());
      Reactor reactor = new Reactor(settings, database, hooks, log, verified, steps);
      reactor.follower.start();
      return reactor;
    } catch (RuntimeException e) {
      hooks.forEach(hook -> hook.handler().close());
      if (database != null) {
        database.close();
      }
      throw e;
    }
  }

  private static void requireDifferentNames(List<Hook> hooks) {
    Set<String> names = new HashSet<>();
    for (Hook hook : hooks) {
      if (!names.add(hook.name())) {
        throw new IllegalArgumentException("two hooks are called " + hook.name());
      }
    }
  }

  /// Lets the hooks begin, one after another; called again when the database was away meanwhile.
  private void begin() throws SQLException {
    while (begun < hooks.size()) {
      HookRunner runner = runners.get(begun);
      hooks.get(begun).handler().start(new Bench(runner));
      runner.start();
      begun++;
    }
  }

  /// What one hook's handler is lent.
  private final class Bench implements Workbench {
    private final HookRunner runner;

    Bench(HookRunner runner) {
      this.runner = runner;
    }

    @Override
    public <T> T transaction(Work<T> work) throws SQLException {
      return outbox.transaction(work);
    }

    @Override
    public <T> T look(Function<Ledger, T> question) {
      return fold.look(question);
    }

    @Override
    public EventLog log() {
      return log;
    }

    @Override
    public InstantSource clock() {
      return clock;
    }

    @Override
    public void fail(Throwable fault) {
      progress.stopped(fault);
    }

    @Override
    public void wake() {
      runner.wake();
    }
  }

  /// Where `/health` and `/metrics` are served, if they are.
  public Optional<InetSocketAddress> address() {
    return health.map(HealthServer::address);
  }

  /// How the reactor is.
  public Health health() {
    return progress.health();
  }

  /// Waits until the hooks have planned from what is in the log now.
  ///
  /// @throws TimeoutException saying how far they are and what is in the way
  /// @throws ReactorStoppedException when they never will
  /// @throws org.agentchat.log.LogUnavailableException when the log does not say its size
  public void awaitCaughtUp(Duration timeout) throws InterruptedException, TimeoutException {
    progress.await(log.size(), timeout);
  }

  /// Is done when the reactor has ended: normally when it was closed, exceptionally with a
  /// [ReactorStoppedException] when it cannot go on. When it cannot go on nothing is begun any
  /// more.
  public CompletableFuture<Void> stopped() {
    return progress.stopped().copy();
  }

  /// Plans no more, lets what is under way end for a bounded time, and closes the database. What
  /// was not ended is attempted again after the next start.
  @Override
  public void close() {
    health.ifPresent(HealthServer::close);
    follower.close();
    runners.parallelStream().forEach(HookRunner::close);
    hooks.forEach(hook -> hook.handler().close());
    database.close();
    metrics.close();
  }
}
