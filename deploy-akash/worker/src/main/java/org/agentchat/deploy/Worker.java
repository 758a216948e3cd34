package org.agentchat.deploy;

import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.agentchat.akash.deployment.DeploymentRecord;
import org.agentchat.akash.deployment.DeploymentStore;
import org.agentchat.akash.deployment.JournalException;
import org.agentchat.akash.deployment.Providers;
import org.agentchat.akash.deployment.Step;
import org.agentchat.akash.deployment.Watcher;
import org.agentchat.log.EventLog;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A running worker. Its one thread goes round: it folds what is new in the log, closes what nobody
/// wants any more, goes on with what was begun and says what became of it ([Fulfilment]), and
/// answers offers ([Offers]). Each round looks at the fold and at the journals and does what they
/// leave to be done, so it does not matter where the one before ended. One deployment is under way
/// at a time: the wallet has one sequence. Any thread may start and close it.
public final class Worker implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Worker.class);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

  /// What troubles with the log are about.
  static final String LOG = "the log";

  private final WorkerSettings settings;
  private final DeploymentStore store;
  private final Providers providers;
  private final Book book;
  private final Troubles troubles = new Troubles();
  private final Fulfilment fulfilment;
  private final Offers offers;
  private final ChainWatch chain;
  private final Bulletin bulletin;
  private final Thread thread;
  private final CompletableFuture<Void> stopped = new CompletableFuture<>();
  private @Nullable HealthServer server;
  private boolean heard;
  private volatile boolean closing;

  private Worker(
      WorkerSettings settings,
      EventLog eventLog,
      DeploymentStore store,
      Watcher watcher,
      Clock clock) {
    this.settings = settings;
    this.store = store;
    this.providers =
        new Providers(settings.chain(), settings.key(), clock, settings.providerPatience());
    this.chain = new ChainWatch(settings.chain(), clock, settings.watch());
    this.book = new Book(eventLog, settings.identity(), clock, () -> closing);
    Voice voice = new Voice(book, troubles, this::isHeld);
    this.fulfilment =
        new Fulfilment(
            settings,
            store,
            providers,
            clock,
            book,
            voice,
            troubles,
            new Notes(watcher),
            this::isHeld);
    this.offers = new Offers(settings, book, new Quote(settings), fulfilment, voice, troubles);
    this.bulletin = new Bulletin(clock, chain, stopped);
    this.thread = Thread.ofPlatform().name("deploy-worker").unstarted(this::run);
  }

  /// Starts a worker. Neither the log nor the network needs to answer yet.
  ///
  /// @param eventLog stays its owner's to close, after the worker
  /// @param watcher is told of every step of a deployment, on the worker's thread
  /// @throws JournalException if another process is at work on the same folder
  /// @throws UncheckedIOException when the port for its health cannot be had
  public static Worker start(WorkerSettings settings, EventLog eventLog, Watcher watcher) {
    return start(settings, eventLog, watcher, Clock.systemUTC());
  }

  static Worker start(WorkerSettings settings, EventLog eventLog, Watcher watcher, Clock clock) {
    DeploymentStore store = DeploymentStore.changing(settings.home(), clock);
    Worker worker = new Worker(settings, eventLog, store, watcher, clock);
    try {
      worker.fulfilment.readJournals();
      worker.server =
          settings.listen().map(at -> HealthServer.start(at, worker::health)).orElse(null);
    } catch (JournalException | UncheckedIOException e) {
      store.close();
      throw e;
    }
    worker.chain.start();
    worker.thread.start();
    return worker;
  }

  /// Says how the worker is while a deployment keeps it busy, too.
  private final class Notes implements Watcher {
    private final Watcher next;

    private Notes(Watcher next) {
      this.next = next;
    }

    @Override
    public void wrote(DeploymentRecord record, Step step) {
      next.wrote(record, step);
      publish();
    }

    @Override
    public void waits(DeploymentRecord record, String what) {
      next.waits(record, what);
      publish();
    }
  }

  private void publish() {
    bulletin.write(book.size(), heard, fulfilment.open(), troubles.all());
  }

  /// How the worker is. Any thread.
  public WorkerHealth health() {
    return bulletin.now();
  }

  /// Where health is told, if anywhere.
  public Optional<InetSocketAddress> healthAddress() {
    return Optional.ofNullable(server).map(HealthServer::address);
  }

  /// Done when the worker has ended: exceptionally when it cannot go on.
  public CompletableFuture<Void> stopped() {
    return stopped.copy();
  }

  private void run() {
    try {
      while (!closing) {
        round();
        Thread.sleep(settings.look());
      }
      stopped.complete(null);
    } catch (InterruptedException _) {
      stopped.complete(null);
    } catch (RuntimeException | Error e) {
      if (closing) {
        stopped.complete(null);
      } else {
        log.error("the deploy worker stops", e);
        stopped.completeExceptionally(e);
      }
    }
  }

  /// What runs comes before what is new, and what is agreed before what is offered.
  private void round() {
    book.watch(fulfilment.deals());
    heard = troubles.attempt(LOG, book::advance) && book.hasName();
    if (!isHeld()) {
      act();
    }
    publish();
  }

  /// Nothing is done with a wrong clock, nor before it was compared.
  private boolean isHeld() {
    return closing || chain.isClockSuspect() || chain.seen().since() == null;
  }

  private void act() {
    if (heard) {
      offers.announce();
      fulfilment.tendAll();
      fulfilment.beginAll();
      offers.answer();
    } else {
      fulfilment.closeOverdue();
    }
    troubles.keep(about ->
        about.equals(LOG)
            || about.equals(Offers.SKILLS)
            || fulfilment.isKnown(about)
            || book.deal(about).isPresent());
  }

  /// Stops between two steps; what is under way goes on after the next start. The folder is let go
  /// of only when nothing is written there any more.
  @Override
  public void close() {
    closing = true;
    thread.interrupt();
    try {
      thread.join(STOP_TIMEOUT);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    chain.close();
    if (server != null) {
      server.close();
    }
    providers.close();
    if (!thread.isAlive()) {
      store.close();
    }
  }
}
