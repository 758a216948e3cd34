package org.agentchat.hooks.evm;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.agentchat.escrow.chain.ChainException;
import org.agentchat.escrow.chain.EscrowClient;
import org.agentchat.escrow.chain.JdbcTransactionStore;
import org.agentchat.escrow.chain.JsonRpcNode;
import org.agentchat.escrow.chain.Signer;
import org.agentchat.escrow.chain.Transactor;
import org.agentchat.hooks.Workbench;
import org.agentchat.log.LogException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one thread of a hook that looks at the chain: brings transactions on, reads what the
/// contract reported in blocks that stay, says it in the log if that is its part, and now and then
/// compares log and chain. Whatever is away is asked again at the next look.
final class ChainWatcher implements AutoCloseable {
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);
  private static final Logger log = LoggerFactory.getLogger(ChainWatcher.class);

  private final EvmSettings settings;
  private final JsonRpcNode node;
  private final Transactor transactor;
  private final Workbench workbench;
  private final ContractReader reader;
  private final Comparison comparison;

  /// Has a permit when somebody wants a look now.
  private final Semaphore wanted = new Semaphore(0);

  private final Thread thread;
  private volatile boolean ready;
  private volatile boolean closing;
  private volatile @Nullable String trouble;
  private volatile Map<String, Transactor.Waiting> progress = Map.of();
  private Map<Long, String> stages = Map.of();

  ChainWatcher(
      EvmSettings settings,
      JsonRpcNode node,
      EscrowClient escrow,
      Transactor transactor,
      JdbcTransactionStore store,
      Workbench workbench) {
    this.settings = settings;
    this.node = node;
    this.transactor = transactor;
    this.workbench = workbench;
    Optional<Observer> observer =
        settings.observer().map(identity -> new Observer(identity, settings, workbench));
    this.reader = new ContractReader(settings, node, transactor, store, workbench, observer);
    Reconciler reconciler = new Reconciler(settings.contract(), escrow);
    this.comparison =
        new Comparison(
            settings.name(),
            settings.reconcile(),
            () -> workbench.look(reconciler::entries),
            reconciler::compare,
            reader);
    this.thread = Thread.ofVirtual().name("chain-" + settings.name()).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /// Whether the chain was found to be the one that is meant.
  boolean isReady() {
    return ready;
  }

  /// What was in the way at the last look.
  Optional<String> trouble() {
    return Optional.ofNullable(trouble);
  }

  /// Why a transaction waited at the last look; empty when there was none since it was planned.
  Optional<Transactor.Waiting> progress(String key) {
    return Optional.ofNullable(progress.get(key));
  }

  /// Something was planned: look now.
  void look() {
    wanted.release();
  }

  private void run() {
    try {
      while (!closing) {
        lookOnce();
        boolean _ = wanted.tryAcquire(settings.poll().toMillis(), TimeUnit.MILLISECONDS);
        wanted.drainPermits();
      }
    } catch (InterruptedException _) {
      // The hook stops.
    } catch (Error e) {
      if (!closing) {
        workbench.fail(e);
      }
    }
  }

  private void lookOnce() throws InterruptedException {
    try {
      if (!ready) {
        transactor.requireChain();
        ready = true;
        workbench.wake();
      }
      step();
      if (reader.read()) {
        workbench.wake();
      }
      compare();
      say(null);
    } catch (ChainException | SQLException | LogException e) {
      say(String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      log.error("hook {}: a fault while looking at the chain", settings.name(), e);
      say("a fault of the handler, see the log: " + e);
    }
  }

  /// Brings everything on, and wakes waiting intents when something has moved.
  private void step() throws ChainException, SQLException {
    List<Transactor.Report> reports = new ArrayList<>();
    for (Signer signer : settings.signers()) {
      reports.addAll(transactor.step(signer));
    }
    Map<String, Transactor.Waiting> waiting = new HashMap<>();
    for (Transactor.Report report : reports) {
      report.waiting().ifPresent(why -> waiting.put(report.tracked().request().key(), why));
    }
    progress = waiting;
    Map<Long, String> moved =
        reports.stream()
            .collect(
                Collectors.toMap(
                    report -> report.tracked().id(),
                    report -> report.tracked().stage().getClass().getSimpleName()));
    if (!moved.equals(stages)) {
      stages = moved;
      workbench.wake();
    }
  }

  private void compare() throws ChainException {
    long finalNumber = transactor.finalNumber(node.head().ref());
    if (finalNumber >= settings.firstBlock()) {
      comparison.look(finalNumber);
    }
  }

  /// Each trouble is said once, and when it is over.
  private void say(@Nullable String now) {
    String before = trouble;
    trouble = now;
    if (closing) {
      return;
    }
    if (now != null && !now.equals(before)) {
      log.warn("hook {}: {}", settings.name(), now);
    } else if (now == null && before != null) {
      log.info("hook {}: the chain is looked at again", settings.name());
    }
  }

  @Override
  public void close() {
    closing = true;
    thread.interrupt();
    try {
      boolean _ = thread.join(STOP_TIMEOUT);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
