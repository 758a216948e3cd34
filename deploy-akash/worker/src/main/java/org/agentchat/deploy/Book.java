package org.agentchat.deploy;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.function.BooleanSupplier;
import org.agentchat.ledger.Account;
import org.agentchat.ledger.Deployment;
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

  Book(EventLog log, Identity identity, InstantSource clock) {
    this.log = log;
    this.identity = identity;
    this.clock = clock;
  }

  /// Remembers how a deal ended for as long as it is watched.
  ///
  /// @param deals watched from now on, and no others
  void watch(Set<String> deals) {
    watched.keySet().retainAll(deals);
    deals.forEach(this::note);
  }

  private void note(String deal) {
    ledger.proposal(deal).ifPresent(found -> watched.put(deal, found.status()));
  }

  /// Folds what the log has beyond what was folded.
  ///
  /// @param closing stops between two pages
  /// @throws LogUnavailableException when the log does not answer
  void advance(Set<String> deals, BooleanSupplier closing) {
    while (!closing.getAsBoolean()) {
      List<LogRecord> page = log.read(ledger.size(), EventLog.MAX_READ_RECORDS);
      if (page.isEmpty()) {
        return;
      }
      for (LogRecord record : page) {
        ledger.apply(reader.read(record.index(), record.value()));
        deals.forEach(this::note);
      }
    }
  }

  /// Offers of machines' work to this worker, pending or accepted, oldest first.
  List<Proposal> orders() {
    AgentId self = ledger.owner(identity.id());
    List<Proposal> orders = new ArrayList<>();
    for (Proposal proposal : ledger.proposals()) {
      boolean open =
          proposal.status() == Proposal.Status.PENDING
              || proposal.status() == Proposal.Status.ACCEPTED;
      if (open
          && DeploymentStatement.CAPABILITY.equals(proposal.terms().capability())
          && ledger.owner(proposal.to()).equals(self)) {
        orders.add(proposal);
      }
    }
    return orders;
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
    String origin = ledger.origin().orElseThrow();
    long now = clock.millis();
    Scheme scheme = new Scheme.Bound(origin, now, Sha256.hex("deploy|" + said.json()));
    Event.Stated event =
        new Event.Stated(now, NAME, SignedStatement.sign(identity, scheme, said), null);
    Optional<Refusal> refusal = ledger.check(event);
    if (refusal.isEmpty()) {
      append(event);
    }
    return refusal;
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
