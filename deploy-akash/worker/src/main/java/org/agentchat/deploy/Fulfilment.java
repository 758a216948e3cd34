package org.agentchat.deploy;

import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.agentchat.akash.chain.DeploymentState;
import org.agentchat.akash.deployment.DeploymentRecord;
import org.agentchat.akash.deployment.DeploymentRunner;
import org.agentchat.akash.deployment.DeploymentStore;
import org.agentchat.akash.deployment.Money;
import org.agentchat.akash.deployment.Phase;
import org.agentchat.akash.deployment.Plan;
import org.agentchat.akash.deployment.Providers;
import org.agentchat.akash.deployment.Step;
import org.agentchat.akash.deployment.Watcher;
import org.agentchat.akash.tx.DeploymentId;
import org.agentchat.ledger.Proposal;
import org.agentchat.schemas.statement.DeploymentStatement;
import org.agentchat.schemas.statement.Statement;

/// The machines of accepted deals, from wish to end. What is to be done follows from the fold of
/// the log and from the journals alone. Of the worker's one thread.
final class Fulfilment {
  /// How it is written down that a deal came too late.
  private static final String TOO_LATE = "its time was over before it was begun";

  private static final Pattern DEAL = Pattern.compile("prop_[a-z2-7]{26}");

  private final WorkerSettings settings;
  private final DeploymentStore store;
  private final Clock clock;
  private final DeploymentRunner runner;
  private final Book book;
  private final Standing standing;
  private final Quote quote;
  private final Voice voice;
  private final Troubles troubles;
  private final Turns turns;
  private final BooleanSupplier closing;

  /// By deal: what was begun for it and has something left to do or to say.
  private final Map<String, DeploymentRecord> begun = new TreeMap<>();

  /// By deal: what is open and was begun with another wallet or on another network.
  private final Map<String, DeploymentRecord> orphans = new TreeMap<>();

  /// By deal: what a deployment waited for last.
  private final Map<String, String> waits = new HashMap<>();

  Fulfilment(
      WorkerSettings settings,
      DeploymentStore store,
      Providers providers,
      Clock clock,
      Book book,
      Voice voice,
      Troubles troubles,
      Watcher watcher,
      BooleanSupplier closing) {
    this.settings = settings;
    this.store = store;
    this.clock = clock;
    this.runner =
        new DeploymentRunner(
            settings.chain(),
            settings.key(),
            providers,
            clock,
            settings.pause(),
            new Notes(watcher));
    this.book = book;
    this.standing = new Standing(book);
    this.quote = new Quote(settings);
    this.voice = voice;
    this.troubles = troubles;
    this.turns = new Turns(settings.watch());
    this.closing = closing;
  }

  /// Knows of a deployment as soon as anything of it is written down.
  private final class Notes implements Watcher {
    private final Watcher next;

    private Notes(Watcher next) {
      this.next = next;
    }

    @Override
    public void wrote(DeploymentRecord record, Step step) {
      begun.put(record.plan().name(), record);
      waits.remove(record.plan().name());
      next.wrote(record, step);
    }

    @Override
    public void waits(DeploymentRecord record, String what) {
      waits.put(record.plan().name(), what);
      next.waits(record, what);
    }
  }

  /// Finds what was begun before. What a person began by hand in the same folder is not the
  /// worker's business.
  void readJournals() {
    for (DeploymentRecord record : store.records()) {
      String name = record.plan().name();
      if (DEAL.matcher(name).matches()) {
        if (isOurs(record)) {
          begun.put(name, record);
        } else if (!record.phase().isOver()) {
          orphans.put(name, record);
          troubles.tell(name, orphaned(record));
        }
      }
    }
  }

  private boolean isOurs(DeploymentRecord record) {
    return record.plan().owner().equals(settings.key().address().text())
        && record.plan().chainId().equals(settings.chain().network().chainId());
  }

  private static String orphaned(DeploymentRecord record) {
    return "begun with the wallet %s on %s and %s: only a worker with those goes on with it"
        .formatted(record.plan().owner(), record.plan().chainId(), record.phase().words());
  }

  /// The deals that something is begun for; changes as they do.
  Set<String> deals() {
    return begun.keySet();
  }

  /// What is open, or not said to be closed, for people.
  List<WorkerHealth.Open> open() {
    List<WorkerHealth.Open> open = new ArrayList<>();
    begun.values().forEach(record -> open.add(open(record)));
    orphans.values().forEach(record -> open.add(open(record)));
    return open;
  }

  private WorkerHealth.Open open(DeploymentRecord record) {
    String deal = record.plan().name();
    Money money = record.money();
    return new WorkerHealth.Open(
        deal,
        record.id().map(DeploymentId::dseq).orElse(null),
        record.phase().words(),
        Reason.brief(record.why()),
        waits.get(deal),
        record.plan().untilMs(),
        record.price().toPlainString(),
        money.fees(),
        money.deposited(),
        money.paid(),
        money.burned(),
        troubles.of(deal));
  }

  boolean isKnown(String deal) {
    return begun.containsKey(deal) || orphans.containsKey(deal);
  }

  // ---- deals that nothing was begun for

  /// What accepted deals are still to put into escrow, in uact.
  long promised() {
    long promised = 0;
    for (Proposal deal : book.accepted()) {
      if (isNew(deal.id())) {
        promised = Math.clamp(promised + ceiling(deal), 0, DealTerms.MAX_CEILING);
      }
    }
    for (DeploymentRecord record : begun.values()) {
      if (!record.phase().isOver() && record.phase().compareTo(Phase.BIDDING) < 0) {
        promised =
            Math.clamp(promised + Math.max(0, record.nextDeposit()), 0, DealTerms.MAX_CEILING);
      }
    }
    return promised;
  }

  private static long ceiling(Proposal deal) {
    try {
      return DealTerms.read(deal.terms().terms()).ceiling();
    } catch (UnusableTermsException _) {
      return 0;
    }
  }

  /// Nothing is begun twice: what failed and was said stays so, whatever it has cost.
  private boolean isNew(String deal) {
    return !begun.containsKey(deal) && !book.wasTold(deal);
  }

  /// Begins what was accepted and is not begun.
  void beginAll() {
    for (Proposal deal : book.accepted()) {
      if (deal.isStarted()
          && isNew(deal.id())
          && turns.isDue(deal.id())
          && !closing.getAsBoolean()) {
        troubles.attempt(deal.id(), () -> take(deal));
      }
    }
  }

  private void take(Proposal deal) {
    Optional<DeploymentRecord> found =
        store.records().stream()
            .filter(record -> record.plan().name().equals(deal.id()))
            .reduce((_, later) -> later);
    if (found.isEmpty()) {
      begin(deal);
    } else if (isOurs(found.get())) {
      begun.put(deal.id(), found.get());
    } else {
      troubles.tell(deal.id(), orphaned(found.get()));
      turns.later(deal.id());
    }
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
    Statement late =
        new DeploymentStatement.DeploymentFailed(deal.id(), plan.chainId(), 0, TOO_LATE);
    if (clock.millis() >= plan.untilMs()) {
      say(deal.id(), late);
    } else if (!voice.canSay(deal.id(), late) || isOpenElsewhere(plan, terms)) {
      turns.later(deal.id());
    } else {
      runner.begin(store, plan, record -> isEnough(deal.id(), record));
      tend(deal.id());
    }
  }

  private void say(String deal, Statement said) {
    if (!voice.say(deal, said)) {
      turns.later(deal);
    }
  }

  /// Whether the wallet pays for the same manifest already and no journal knows why: perhaps for
  /// this deal, if a journal was lost or another worker has the same wallet.
  private boolean isOpenElsewhere(Plan plan, DealTerms terms) {
    List<DeploymentRecord> records = store.records();
    for (DeploymentState open : settings.chain().activeDeployments(settings.key().address())) {
      boolean known =
          records.stream().anyMatch(record -> record.numbers().contains(open.id().dseq()));
      if (!known && open.manifestHash().equals(terms.manifest().hash())) {
        troubles.tell(
            plan.name(),
            "not begun: the deployment %d of the wallet is the same and no journal here knows it;"
                    .formatted(open.id().dseq())
                + " close it with 'agentchat deploy --close %d'".formatted(open.id().dseq()));
        return true;
      }
    }
    return false;
  }

  // ---- what was begun

  /// Asked at every turn of a deployment, so the log is followed meanwhile: whether something else
  /// is to be done now.
  private boolean isEnough(String deal, DeploymentRecord record) {
    book.advance();
    return closing.getAsBoolean()
        || !standing.isWanted(record)
        || (standing.isNews(record) && !isTimeOver(record))
        || begun.keySet().stream().anyMatch(other -> !other.equals(deal) && isUrgent(other));
  }

  private boolean isTimeOver(DeploymentRecord record) {
    return clock.millis() >= record.plan().untilMs();
  }

  /// Whether it costs money that nobody wants to pay any more, and closing it may be tried now.
  private boolean isUrgent(String deal) {
    DeploymentRecord record = begun.get(deal);
    if (record == null || record.phase().isOver()) {
      return false;
    }
    boolean wanted = standing.isWanted(record);
    return turns.isDue(deal)
        ? isTimeOver(record) || !wanted
        : record.phase() == Phase.RUNNING && !wanted;
  }

  /// Closes what nobody wants any more and goes on with the rest.
  void tendAll() {
    for (String deal : Set.copyOf(begun.keySet())) {
      if (!closing.getAsBoolean() && (turns.isDue(deal) || isUrgent(deal))) {
        troubles.attempt(deal, () -> tend(deal));
      }
    }
  }

  /// Without the log nobody knows what is wanted, but the time is over all the same. Whether it is,
  /// the network's clock has to say, too.
  void closeOverdue() {
    for (String deal : Set.copyOf(begun.keySet())) {
      DeploymentRecord record = begun.get(deal);
      if (record != null
          && !record.phase().isOver()
          && isTimeOver(record)
          && turns.isDue(deal)
          && !closing.getAsBoolean()) {
        troubles.attempt(deal, () -> isResumed(deal, _ -> closing.getAsBoolean()));
      }
    }
  }

  private void tend(String deal) {
    DeploymentRecord record = begun.get(deal);
    if (record == null || closing.getAsBoolean()) {
      return;
    }
    if (!standing.isKnown(record)) {
      troubles.tell(deal, "the log knows no such deal: it was made in another one");
    }
    if (record.phase().isOver() || drive(deal, record)) {
      report(deal);
    }
  }

  /// @return whether there may be something to say
  private boolean drive(String deal, DeploymentRecord record) {
    if (!standing.isWanted(record)) {
      return isClosed(deal, standing.whyUnwanted(record));
    }
    return isResumed(deal, now -> isEnough(deal, now));
  }

  private boolean isResumed(String deal, Predicate<DeploymentRecord> enough) {
    runner.resume(store, deal, enough).ifPresent(now -> begun.put(deal, now));
    return isGoingOn(deal);
  }

  private boolean isClosed(String deal, String why) {
    runner.close(store, deal, why).ifPresent(now -> begun.put(deal, now));
    return isGoingOn(deal);
  }

  /// What cannot be closed is told, and tried again ever more rarely: each try is written down.
  private boolean isGoingOn(String deal) {
    DeploymentRecord record = begun.get(deal);
    boolean stuck = record != null && record.phase() == Phase.CLOSING && !closing.getAsBoolean();
    if (stuck) {
      troubles.tell(deal, waits.getOrDefault(deal, "it is not closed yet"));
      turns.later(deal);
    } else {
      turns.now(deal);
    }
    return !stuck;
  }

  /// Says what the log was not told yet, and forgets what is over and said.
  private void report(String deal) {
    DeploymentRecord record = begun.get(deal);
    if (record == null || closing.getAsBoolean()) {
      return;
    }
    if (record.phase() == Phase.RUNNING) {
      turns.usual(deal);
      reportRunning(deal, record);
    } else if (record.phase().isOver()) {
      if (isEndSaid(deal, record)) {
        begun.remove(deal);
        waits.remove(deal);
        turns.now(deal);
      } else {
        turns.later(deal);
      }
    }
  }

  private void reportRunning(String deal, DeploymentRecord record) {
    if (isTimeOver(record) || !standing.isKnown(record) || !standing.isWanted(record)) {
      return;
    }
    String lease = Standing.leases(record);
    if (standing.isNews(record)) {
      voice.say(
          deal,
          new DeploymentStatement.DeploymentRunning(
              deal,
              record.plan().chainId(),
              lease,
              record.plan().untilMs() / 1_000,
              Reason.addresses(record.uris())));
    }
    if (!standing.isNews(record) && standing.isAccepted(record)) {
      String proof = "akash:%s %s".formatted(record.plan().chainId(), lease);
      voice.say(deal, new Statement.Complete(deal, proof));
    }
  }

  /// @return whether nothing more is to be said of it
  private boolean isEndSaid(String deal, DeploymentRecord record) {
    if (standing.isToldToRun(record)) {
      return voice.say(
          deal,
          new DeploymentStatement.DeploymentClosed(
              deal, record.plan().chainId(), record.money().paid(), Reason.brief(record.why())));
    }
    if (!standing.isAccepted(record)) {
      return true;
    }
    boolean failed =
        book.wasTold(deal)
            || voice.say(
                deal,
                new DeploymentStatement.DeploymentFailed(
                    deal,
                    record.plan().chainId(),
                    record.money().paid(),
                    Reason.brief(record.why())));
    return failed && (!record.foundNoBid() || isDisputed(deal, record));
  }

  /// Nobody rents for what the terms offer: the deal ends here. For what went wrong on our side the
  /// proposer may dispute, or let it lapse; we do not win points by failing.
  private boolean isDisputed(String deal, DeploymentRecord record) {
    return voice.say(deal, new Statement.Dispute(deal, Reason.brief(record.why())));
  }
}
