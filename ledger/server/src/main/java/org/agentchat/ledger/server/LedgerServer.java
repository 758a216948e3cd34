package org.agentchat.ledger.server;

import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.agentchat.database.Database;
import org.agentchat.ledger.EntryReader;
import org.agentchat.ledger.VerifiedEvents;
import org.agentchat.ledger.tree.Publisher;
import org.agentchat.log.EventLog;
import org.agentchat.log.LogSource;
import org.agentchat.schemas.identity.Ed25519Verifier;

/// A running ledger: the projector, which turns the log into rows, and the HTTP API over them. It
/// answers from the first moment on; `/health` says when it has caught up. Any thread may use it.
public final class LedgerServer implements AutoCloseable {
  private final Database database;
  private final LogSource log;
  private final LedgerMetrics metrics;
  private final Projector projector;
  private final Optional<PublishedTree> tree;
  private final HttpServer http;

  private LedgerServer(
      Database database,
      LogSource log,
      LedgerMetrics metrics,
      Projector projector,
      Optional<PublishedTree> tree,
      HttpServer http) {
    this.database = database;
    this.log = log;
    this.metrics = metrics;
    this.projector = projector;
    this.tree = tree;
    this.http = http;
  }

  /// Starts a ledger. Neither the log nor a PostgreSQL server needs to be there yet.
  ///
  /// @param log stays its owner's to close, after the server; an [EventLog] when ratings are to be
  ///   committed to
  /// @param verified signatures that this process has checked already; a process that appends
  ///   nothing gives an empty one
  /// @throws DatabaseInUseException when another ledger server has the database file
  /// @throws IllegalArgumentException when the database's location is not one
  /// @throws UncheckedIOException when the port cannot be had
  public static LedgerServer start(
      LedgerSettings settings, LogSource log, VerifiedEvents verified) {
    Database database = Store.database(settings.database());
    LedgerMetrics metrics = new LedgerMetrics();
    Optional<PublishedTree> tree = Optional.empty();
    Optional<Projector> started = Optional.empty();
    try {
      tree = settings.tree().map(published -> PublishedTree.open(published, log));
      Optional<Publisher> publisher = tree.map(PublishedTree::publisher);
      EntryReader reader = new EntryReader(new Ed25519Verifier(), verified);
      Projector projector =
          new Projector(
              new Store(database), log, reader, metrics, settings.rebuild(), committer(tree, log));
      started = Optional.of(projector);
      WebPages pages = WebPages.load();
      metrics.watch(() -> Api.health(projector, publisher));
      HttpServer http =
          HttpServer.start(
              settings.host(),
              settings.port(),
              Stream.of(Api.routes(projector, database, log, metrics, publisher), pages.routes())
                  .flatMap(List::stream)
                  .toList(),
              pages.missing(),
              metrics);
      projector.start();
      publisher.ifPresent(Publisher::start);
      return new LedgerServer(database, log, metrics, projector, tree, http);
    } catch (RuntimeException e) {
      tree.ifPresent(PublishedTree::close);
      started.ifPresent(Projector::close);
      metrics.close();
      database.close();
      throw e;
    }
  }

  private static Optional<RatingsCommitter> committer(Optional<PublishedTree> tree, LogSource log) {
    return tree.flatMap(published ->
        published
            .settings()
            .commitments()
            .map(rest -> {
              if (log instanceof EventLog events) {
                return new RatingsCommitter(events, published.keys(), rest, InstantSource.system());
              }
              throw new IllegalArgumentException(
                  "ratings are committed to in a log that can be appended to only");
            }));
  }

  /// Where the API listens.
  public InetSocketAddress address() {
    return http.address();
  }

  /// How far the rows have read the log; before the database has answered once, nothing.
  public Position position() {
    return projector.position().orElse(Position.START);
  }

  /// How the server is, in full.
  public Health health() {
    return Api.health(projector, tree.map(PublishedTree::publisher));
  }

  /// The thread that signs the tree; empty when this server publishes none.
  public Optional<Publisher> publisher() {
    return tree.map(PublishedTree::publisher);
  }

  /// Whether `/health` answers 200.
  public boolean healthy() {
    return health().isHealthy();
  }

  /// Waits until the rows have read what is in the log now.
  ///
  /// @throws TimeoutException saying how far they are and what is in the way
  /// @throws ProjectionStoppedException when they never will
  /// @throws org.agentchat.log.LogUnavailableException when the log does not say its size
  public void awaitCaughtUp(Duration timeout) throws InterruptedException, TimeoutException {
    awaitSize(log.size(), timeout);
  }

  /// Waits until the rows have read so many entries.
  ///
  /// @throws TimeoutException saying how far they are and what is in the way
  /// @throws ProjectionStoppedException when they never will
  public void awaitSize(long entries, Duration timeout)
      throws InterruptedException, TimeoutException {
    projector.progress().await(entries, timeout);
  }

  /// Is done when the projector has ended: normally when it was closed, exceptionally with a
  /// [ProjectionStoppedException] when it cannot go on.
  public CompletableFuture<Void> stopped() {
    return projector.progress().stopped().copy();
  }

  /// Takes no more requests, ends the projector between two batches, and closes the database.
  @Override
  public void close() {
    http.close();
    tree.ifPresent(PublishedTree::close);
    projector.close();
    database.close();
    metrics.close();
  }
}
