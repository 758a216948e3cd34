package org.agentchat.deploy;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.agentchat.ledger.Account;
import org.agentchat.ledger.Deployment;
import org.agentchat.ledger.Effect;
import org.agentchat.ledger.EntryReader;
import org.agentchat.ledger.Ledger;
import org.agentchat.ledger.Proposal;
import org.agentchat.ledger.Refusal;
import org.agentchat.ledger.VerifiedEvents;
import org.agentchat.log.EventLog;
import org.agentchat.log.LogException;
import org.agentchat.log.LogRecord;
import org.agentchat.log.LogUnavailableException;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.event.EventCodec;
import org.agentchat.schemas.event.EventTooLargeException;
import org.agentchat.schemas.event.MalformedEventException;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.Ed25519Verifier;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.identity.Sha256;
import org.agentchat.schemas.statement.DeploymentStatement;
import org.agentchat.schemas.statement.Scheme;
import org.agentchat.schemas.statement.SignedStatement;
import org.agentchat.schemas.statement.Statement;

/// The log as the worker reads and writes it: the fold, and statements of its own identity, which
/// are appended only when the fold would apply them. One thread.
final class Book {
  /// What the worker calls itself in the log, where a relay has its name.
  private static final String NAME = "deploy";

  private final EventLog log;
  private final Identity identity;
  private final InstantSource clock;
  private final Ledger ledger = new Ledger();
  private final EntryReader reader = new EntryReader(new Ed25519Verifier(), new VerifiedEvents());

  /// The last state of the deals that are watched; the fold forgets them a day after their end.
  private final Map<String, Proposal.Status> watched = new HashMap<>();

  /// Open deals whose machines our account has told of; the fold forgets that a day after their
  /// end.
  private final Set<String> told = new HashSet<>();

  private final BooleanSupplier closing;
  private Set<String> deals = Set.of();

  /// @param closing stops between two pages of the log
  Book(EventLog log, Identity identity, InstantSource clock, BooleanSupplier closing) {
    this.log = log;
    this.identity = identity;
    this.clock = clock;
    this.closing = closing;
  }

  /// Remembers how a deal ended for as long as it is watched.
  ///
  /// @param watched from now on, and no others; may change meanwhile
  void watch(Set<String> watched) {
    deals = watched;
    this.watched.keySet().retainAll(deals);
    deals.forEach(this::note);
  }

  private void note(String deal) {
    ledger.proposal(deal).ifPresent(found -> watched.put(deal, found.status()));
  }

  /// Folds what the log has beyond what was folded.
  ///
  /// @throws LogUnavailableException when the log does not answer
  void advance() {
    while (!closing.getAsBoolean()) {
      List<LogRecord> page = log.read(ledger.size(), EventLog.MAX_READ_RECORDS);
      if (page.isEmpty()) {
        return;
      }
      for (LogRecord record : page) {
        ledger.apply(reader.read(record.index(), record.value())).effects().forEach(this::hear);
        deals.forEach(this::note);
      }
      told.removeIf(Predicate.not(this::isOpen));
    }
  }

  private void hear(Effect effect) {
    if (effect instanceof Effect.DeploymentObserved(Deployment deployment, AgentId by, var _)
        && ledger.owner(by).equals(ledger.owner(identity.id()))) {
      told.add(deployment.proposalId());
    }
  }

  private boolean isOpen(String deal) {
    return ledger.proposal(deal).filter(found -> found.status().isOpen()).isPresent();
  }

  /// Whether the log was ever told of the machines of a deal that is open.
  boolean wasTold(String deal) {
    return told.contains(deal);
  }

  /// Offers of machines' work to this worker that nobody has answered, oldest first.
  List<Proposal> offers() {
    return orders(Proposal.Status.PENDING);
  }

  /// Those that were accepted and are not finished, oldest first.
  List<Proposal> accepted() {
    return orders(Proposal.Status.ACCEPTED);
  }

  private List<Proposal> orders(Proposal.Status status) {
    AgentId self = ledger.owner(identity.id());
    List<Proposal> orders = new ArrayList<>();
    for (Proposal proposal : ledger.proposals()) {
      if (proposal.status() == status
          && DeploymentStatement.CAPABILITY.equals(proposal.terms().capability())
          && ledger.owner(proposal.to()).equals(self)) {
        orders.add(proposal);
      }
    }
    return orders;
  }

  /// How many entries were folded.
  long size() {
    return ledger.size();
  }

  /// The deal as the fold has it.
  Optional<Proposal> deal(String id) {
    return ledger.proposal(id);
  }

  /// The last that was known of a deal's state.
  Optional<Proposal.Status> status(String id) {
    return ledger.proposal(id).map(Proposal::status).or(() -> Optional.ofNullable(watched.get(id)));
  }

  /// What the log was told of a deal's machines.
  Optional<Deployment> deployment(String id) {
    return ledger.deployment(identity.id(), id);
  }

  /// Our own account, once the log knows it.
  Optional<Account> account() {
    return ledger.account(identity.id());
  }

  /// The first name of whoever has that name.
  AgentId owner(AgentId name) {
    return ledger.owner(name);
  }

  boolean hasName() {
    return ledger.origin().isPresent();
  }

  /// Appends a statement if the fold would apply it now. What it says has one nonce, in any process
  /// and after any restart, so a copy whose first got lost on the way is refused.
  ///
  /// @return why it would not apply, or empty when it is in the log
  /// @throws LogUnavailableException when the log does not take it, or does not say whether it did
  Optional<Refusal> say(Statement said) {
    Event.Stated event = event(said);
    Optional<Refusal> refusal = refusal(event);
    if (refusal.isEmpty()) {
      append(event);
    }
    return refusal;
  }

  /// Why a statement would not apply now, or empty; it is not said.
  Optional<Refusal> refusal(Statement unsaid) {
    return refusal(event(unsaid));
  }

  /// What nobody could read again would stay in the log for ever, once for each try.
  private Optional<Refusal> refusal(Event.Stated event) {
    try {
      EventCodec.decode(EventCodec.encode(event));
      return ledger.check(event);
    } catch (MalformedEventException | EventTooLargeException e) {
      return Optional.of(new Refusal(Refusal.Code.MALFORMED, String.valueOf(e.getMessage()), -1));
    }
  }

  private Event.Stated event(Statement statement) {
    String origin = ledger.origin().orElseThrow();
    long now = clock.millis();
    Scheme scheme = new Scheme.Bound(origin, now, Sha256.hex("deploy|" + statement.json()));
    return new Event.Stated(now, NAME, SignedStatement.sign(identity, scheme, statement), null);
  }

  private void append(Event.Stated event) {
    try {
      log.append(EventCodec.encode(event)).join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof LogException problem
          ? problem
          : LogUnavailableException.outcomeUnknown("the log fails: " + e.getCause(), e.getCause());
    } catch (CancellationException e) {
      throw LogUnavailableException.outcomeUnknown("the append was cancelled", e);
    }
  }
}
