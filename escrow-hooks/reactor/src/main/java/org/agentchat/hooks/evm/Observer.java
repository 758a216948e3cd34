package org.agentchat.hooks.evm;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.agentchat.escrow.chain.ChainLog;
import org.agentchat.escrow.contract.EscrowEvent;
import org.agentchat.hooks.Workbench;
import org.agentchat.ledger.Escrow;
import org.agentchat.ledger.Ledger;
import org.agentchat.ledger.Proposal;
import org.agentchat.ledger.Refusal;
import org.agentchat.log.LogException;
import org.agentchat.log.LogUnavailableException;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.event.EventCodec;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.identity.Sha256;
import org.agentchat.schemas.statement.EscrowStatement;
import org.agentchat.schemas.statement.Scheme;
import org.agentchat.schemas.statement.SignedStatement;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Says in the log what happened on the chain, where the terms name it as the one to say so. What
/// the log has already is not said again: the fold is asked first, once it has read all of the log,
/// and a nonce that follows from what is said keeps a repetition out that both overlooked.
final class Observer {
  /// What the hook calls itself in the log.
  private static final String NAME = "hooks";

  /// How long the log may take for one entry: the thread also brings transactions on.
  private static final Duration APPEND_PATIENCE = Duration.ofSeconds(30);

  private static final Logger log = LoggerFactory.getLogger(Observer.class);

  private final Identity identity;
  private final EvmSettings settings;
  private final Workbench workbench;

  Observer(Identity identity, EvmSettings settings, Workbench workbench) {
    this.identity = identity;
    this.settings = settings;
    this.workbench = workbench;
  }

  /// Says it, and waits until it is applied.
  ///
  /// @throws LogUnavailableException when the log does not take it, or does not say whether it did:
  ///   the chain is then read again from before
  void observe(Proposal deal, EscrowEvent.Step step, ChainLog where) throws InterruptedException {
    Optional<EscrowStatement.Observation> observation =
        Observations.of(deal.id(), settings.contract(), step, where);
    if (observation.isPresent() && isOurs(deal)) {
      say(observation.get());
    }
  }

  /// Whether the terms name this observer, or who it was before.
  boolean isOurs(Proposal deal) {
    Escrow escrow = deal.escrow();
    return escrow != null
        && workbench.look(
            ledger -> ledger.owner(escrow.terms().observer()).equals(ledger.owner(identity.id())));
  }

  private void say(EscrowStatement.Observation said) throws InterruptedException {
    if (!FoldWait.readAll(workbench)) {
      throw LogUnavailableException.nothingRecorded("the log is not read to its end yet");
    }
    Optional<String> origin = workbench.look(Ledger::origin);
    if (origin.isEmpty()) {
      throw LogUnavailableException.nothingRecorded("the log has no name yet");
    }
    Event.Stated event = event(said, origin.get());
    Optional<Refusal> refusal = workbench.look(ledger -> ledger.check(event));
    if (refusal.isEmpty()) {
      append(said, event);
    } else if (refusal.get().code() != Refusal.Code.REPEATED) {
      log.error(
          "hook {}: {} of {} in block {} cannot be said in the log: {} ({})",
          settings.name(),
          said.type(),
          said.proposalId(),
          said.blockNumber(),
          refusal.get().detail(),
          refusal.get().code());
    }
  }

  private Event.Stated event(EscrowStatement.Observation said, String origin) {
    long now = workbench.clock().millis();
    Scheme scheme = new Scheme.Bound(origin, now, nonce(said));
    return new Event.Stated(now, NAME, SignedStatement.sign(identity, scheme, said), null);
  }

  /// The same observation has the same nonce, in any process and after any restart.
  private static String nonce(EscrowStatement.Observation said) {
    String text = String.join("|", "escrow", said.type(), said.escrowId().text(), said.tx().text());
    return Sha256.hex(text);
  }

  private void append(EscrowStatement.Observation said, Event.Stated event)
      throws InterruptedException {
    long index;
    try {
      index =
          workbench
              .log()
              .append(EventCodec.encode(event))
              .get(APPEND_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw LogUnavailableException.outcomeUnknown(
          "the log did not say within %s whether it took an entry".formatted(APPEND_PATIENCE), e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof LogException problem
          ? problem
          : LogUnavailableException.outcomeUnknown("the log fails: " + e.getCause(), e.getCause());
    } catch (CancellationException e) {
      throw LogUnavailableException.outcomeUnknown("the append was cancelled", e);
    }
    log.info(
        "hook {}: {} of {} in block {} is entry {}",
        settings.name(),
        said.type(),
        said.proposalId(),
        said.blockNumber(),
        index);
    if (!FoldWait.read(workbench, index + 1)) {
      throw LogUnavailableException.unreadable("entry " + index + " is not read back", null);
    }
  }
}
