package org.agentchat.deploy;

import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.agentchat.akash.chain.NodeException;
import org.agentchat.akash.deployment.DeploymentRecord;
import org.agentchat.akash.deployment.DeploymentRunner;
import org.agentchat.akash.deployment.DeploymentStore;
import org.agentchat.akash.deployment.JournalException;
import org.agentchat.akash.deployment.Phase;
import org.agentchat.akash.deployment.Plan;
import org.agentchat.akash.deployment.Providers;
import org.agentchat.akash.deployment.Watcher;
import org.agentchat.akash.provider.ProviderException;
import org.agentchat.ledger.Account;
import org.agentchat.ledger.Deployment;
import org.agentchat.ledger.Proposal;
import org.agentchat.ledger.Refusal;
import org.agentchat.log.EventLog;
import org.agentchat.log.LogUnavailableException;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.json.JsonText;
import org.agentchat.schemas.statement.DeploymentStatement;
import org.agentchat.schemas.statement.RegisterSkills;
import org.agentchat.schemas.statement.Statement;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ArrayNode;

/// A running worker. Its one thread goes round: it folds what is new in the log, answers offers,
/// fulfils what is accepted, says what became of it, and closes what nobody wants any more. Each
/// round looks at the fold and at the journals and does what they leave to be done, so it does not
/// matter where the one before ended. One deployment is under way at a time: the wallet has one
/// sequence. Any thread may start and close it.
public final class Worker implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Worker.class);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

  private static final Pattern DEAL = Pattern.compile("prop_[a-z2-7]{26}");

  private final WorkerSettings settings;
  private final DeploymentStore store;
  private final Providers providers;
  private final DeploymentRunner runner;
  private final Book book;
  private final Quote quote;
  private final Thread thread;
  private final CompletableFuture<Void> stopped = new CompletableFuture<>();

  /// By deal: what was begun for it and has something left to do or to say.
  private final Map<String, DeploymentRecord> begun = new TreeMap<>();

  /// By deal: when a running one is looked at again, nanoseconds.
  private final Map<String, Long> due = new HashMap<>();

  /// By deal: what was logged of it last, so that every round does not say it again.
  private final Map<String, String> logged = new HashMap<>();

  private volatile boolean closing;

  private Worker(
      WorkerSettings settings, EventLog eventLog, DeploymentStore store, Watcher watcher) {
    Clock clock = Clock.systemUTC();
    this.settings = settings;
    this.store = store;
    this.providers =
        new Providers(settings.chain(), settings.key(), clock, settings.providerPatience());
    this.runner =
        new DeploymentRunner(
            settings.chain(), settings.key(), providers, clock, settings.pause(), watcher);
    this.book = new Book(eventLog, settings.identity(), clock);
    this.quote = new Quote(settings);
    this.thread = Thread.ofPlatform().name("deploy-worker").unstarted(this::run);
  }

  /// Starts a worker. Neither the log nor the network needs to answer yet.
  ///
  /// @param eventLog stays its owner's to close, after the worker
  /// @param watcher is told of every step of a deployment, on the worker's thread
  /// @throws JournalException if another process is at work on the same folder
  public static Worker start(WorkerSettings settings, EventLog eventLog, Watcher watcher) {
    DeploymentStore store = DeploymentStore.changing(settings.home(), Clock.systemUTC());
    Worker worker = new Worker(settings, eventLog, store, watcher);
    try {
      for (DeploymentRecord record : store.records()) {
        if (worker.isOfDeal(record)) {
          worker.begun.put(record.plan().name(), record);
        }
      }
    } catch (JournalException e) {
      store.close();
      throw e;
    }
    worker.thread.start();
    return worker;
  }

  /// What a person began by hand in the same folder is not the worker's business.
  private boolean isOfDeal(DeploymentRecord record) {
    return DEAL.matcher(record.plan().name()).matches()
        && record.plan().owner().equals(settings.key().address().text())
        && record.plan().chainId().equals(settings.chain().network().chainId());
  }

  /// Done when the worker has ended: exceptionally when it cannot go on.
  public CompletableFuture<Void> stopped() {
    return stopped.copy();
  }

  private void run() {
    try {
      while (!closing) {
        attempt("the log", this::round);
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

  /// What is away may come back: it is said once, and tried again in the next round. What cannot be
  /// written down is the end.
  private void attempt(String about, Runnable work) {
    try {
      work.run();
      logged.remove(about);
    } catch (LogUnavailableException | NodeException | ProviderException e) {
      tell(about, String.valueOf(e.getMessage()));
    }
  }

  private void tell(String about, String what) {
    if (!what.equals(logged.put(about, what))) {
      log.warn("{}: {}", about, what);
    }
  }

  private void advance() {
    book.advance(begun.keySet(), () -> closing);
  }

  private void round() {
    book.watch(begun.keySet());
    advance();
    if (!book.hasName() || closing) {
      return;
    }
    announce();
    for (Proposal order : book.orders()) {
      attempt(order.id(), () -> take(order));
    }
    for (String deal : Set.copyOf(begun.keySet())) {
      attempt(deal, () -> tend(deal));
    }
    logged.keySet().removeIf(about -> !begun.containsKey(about) && book.deal(about).isEmpty());
  }

  /// Nobody can make an offer to a key that the log does not know.
  private void announce() {
    Optional<RegisterSkills> said =
        book.account()
            .flatMap(account -> Optional.ofNullable(account.registered()))
            .map(Account.Registration::statement);
    boolean known =
        said.stream()
            .flatMap(skills -> skills.list().stream())
            .anyMatch(skill -> skill.capability().equals(DeploymentStatement.CAPABILITY));
    if (!known) {
      ArrayNode skills = (ArrayNode) Json.parse(said.map(one -> one.skills().text()).orElse("[]"));
      skills
          .addObject()
          .put("capability", DeploymentStatement.CAPABILITY)
          .put("description", "Rents machines on the Akash network");
      say("skills", new RegisterSkills(JsonText.of(skills)));
    }
  }

  private boolean say(String about, Statement said) {
    Optional<Refusal> refusal = book.say(said);
    if (refusal.isPresent()) {
      tell(
          about,
          "%s is not said: %s (%s)"
              .formatted(said.type(), refusal.get().detail(), refusal.get().code()));
      return false;
    }
    log.info("{}: {}", about, said.type());
    advance();
    return true;
  }

  // ---- offers and deals that nothing was begun for

  private void take(Proposal order) {
    if (order.status() == Proposal.Status.PENDING) {
      if (settings.serves(book.owner(order.from()))) {
        answer(order);
      }
    } else if (order.isStarted() && isNew(order.id())) {
      journal(order.id()).ifPresentOrElse(this::keep, () -> begin(order));
    }
  }

  /// Nothing is begun twice: what failed and was said stays so, whatever it has cost.
  private boolean isNew(String deal) {
    return !begun.containsKey(deal) && book.deployment(deal).isEmpty();
  }

  /// What was begun in a round that ended early, as when the node went away.
  private Optional<DeploymentRecord> journal(String deal) {
    return store.records().stream()
        .filter(record -> isOfDeal(record) && record.plan().name().equals(deal))
        .reduce((_, later) -> later);
  }

  private void answer(Proposal order) {
    Optional<String> no = quote.objection(order.terms().terms());
    say(
        order.id(),
        no.isPresent()
            ? new Statement.Reject(order.id(), Reason.brief(no.get()))
            : new Statement.Accept(order.id(), null, null));
  }

  /// What was accepted by hand may be impossible, and then the terms are at fault.
  private void begin(Proposal deal) {
    DealTerms terms;
    try {
      terms = DealTerms.read(deal.terms().terms());
    } catch (UnusableTermsException e) {
      say(
          deal.id(),
          new Statement.Dispute(deal.id(), Reason.brief(String.valueOf(e.getMessage()))));
      return;
    }
    Plan plan = quote.plan(deal.id(), terms, deal.changedAt());
    keep(runner.begin(store, plan, record -> isEnough(deal.id(), record)));
    tend(deal.id());
  }

  private void keep(DeploymentRecord record) {
    begun.put(record.plan().name(), record);
    due.put(record.plan().name(), System.nanoTime() + settings.watch().toNanos());
  }

  // ---- what was begun

  /// Asked at every turn of a deployment, so the log is followed meanwhile: whether something else
  /// is to be done now.
  private boolean isEnough(String deal, DeploymentRecord record) {
    advance();
    return closing || !isWanted(deal) || isNews(deal, record);
  }

  /// Whether it runs and the log was not told where.
  private boolean isNews(String deal, DeploymentRecord record) {
    return record.phase() == Phase.RUNNING
        && book.deployment(deal).filter(told -> leases(record).equals(told.lease())).isEmpty();
  }

  /// A deal that was completed has its machines until their time is over.
  private boolean isWanted(String deal) {
    boolean runs =
        book.deployment(deal).map(one -> one.phase() == Deployment.Phase.RUNNING).orElse(false);
    return book.status(deal)
        .map(status ->
            switch (status) {
              case ACCEPTED, CONTESTED -> true;
              case COMPLETED -> runs;
              case PENDING, REJECTED, EXPIRED, DISPUTED -> false;
            })
        .orElse(false);
  }

  private void tend(String deal) {
    DeploymentRecord record = begun.get(deal);
    if (record == null || closing) {
      return;
    }
    if (!record.phase().isOver()) {
      drive(deal, record);
    }
    report(deal);
  }

  private void drive(String deal, DeploymentRecord record) {
    if (!isWanted(deal)) {
      String why = book.status(deal).map(one -> "the deal is " + one.word()).orElse("no deal");
      runner.close(store, deal, why).ifPresent(this::keep);
    } else if (record.phase() != Phase.RUNNING
        || due.getOrDefault(deal, Long.MIN_VALUE) - System.nanoTime() <= 0) {
      runner.resume(store, deal, now -> isEnough(deal, now)).ifPresent(this::keep);
    }
  }

  /// Says what the log was not told yet, and forgets what is over and said.
  private void report(String deal) {
    DeploymentRecord record = begun.get(deal);
    if (record == null || closing) {
      return;
    }
    if (record.phase() == Phase.RUNNING) {
      reportRunning(deal, record);
    } else if (record.phase().isOver() && isEndSaid(deal, record)) {
      begun.remove(deal);
      due.remove(deal);
    }
  }

  private void reportRunning(String deal, DeploymentRecord record) {
    String lease = leases(record);
    boolean told =
        !isNews(deal, record)
            || say(
                deal,
                new DeploymentStatement.DeploymentRunning(
                    deal,
                    record.plan().chainId(),
                    lease,
                    record.plan().untilMs() / 1_000,
                    String.join(" ", record.uris())));
    if (told && book.status(deal).filter(Proposal.Status.ACCEPTED::equals).isPresent()) {
      String proof = "akash:%s %s".formatted(record.plan().chainId(), lease);
      say(deal, new Statement.Complete(deal, proof));
    }
  }

  /// The leases as the log has them, one space between them.
  static String leases(DeploymentRecord record) {
    return record.leases().stream()
        .map(lease -> lease.deployment().owner() + "/" + lease)
        .collect(Collectors.joining(" "));
  }

  /// @return whether nothing more is to be said of it
  private boolean isEndSaid(String deal, DeploymentRecord record) {
    Optional<Deployment> told = book.deployment(deal);
    boolean accepted = book.status(deal).filter(Proposal.Status.ACCEPTED::equals).isPresent();
    if (told.filter(one -> one.phase() == Deployment.Phase.RUNNING).isPresent()) {
      return say(
          deal,
          new DeploymentStatement.DeploymentClosed(
              deal, record.plan().chainId(), record.money().paid(), Reason.brief(record.why())));
    }
    if (told.isEmpty()
        && accepted
        && !say(
            deal,
            new DeploymentStatement.DeploymentFailed(
                deal,
                record.plan().chainId(),
                record.money().paid(),
                Reason.brief(record.why())))) {
      return false;
    }
    return !accepted || !record.foundNoBid() || dispute(deal, record);
  }

  /// Nobody rents for what the terms offer: the deal ends here. For what went wrong on our side the
  /// proposer may dispute, or let it lapse; we do not win points by failing.
  private boolean dispute(String deal, DeploymentRecord record) {
    return say(deal, new Statement.Dispute(deal, Reason.brief(record.why())));
  }

  /// Stops between two steps; what is under way goes on after the next start.
  @Override
  public void close() {
    closing = true;
    thread.interrupt();
    try {
      thread.join(STOP_TIMEOUT);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    providers.close();
    store.close();
  }
}
