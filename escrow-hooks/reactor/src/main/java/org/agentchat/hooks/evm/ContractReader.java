package org.agentchat.hooks.evm;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.agentchat.escrow.chain.BlockRef;
import org.agentchat.escrow.chain.ChainException;
import org.agentchat.escrow.chain.ChainLog;
import org.agentchat.escrow.chain.ChainNode;
import org.agentchat.escrow.chain.ContractLogs;
import org.agentchat.escrow.chain.EscrowClient;
import org.agentchat.escrow.chain.GarbledAnswerException;
import org.agentchat.escrow.chain.JdbcTransactionStore;
import org.agentchat.escrow.chain.Transactor;
import org.agentchat.escrow.contract.EscrowEvent;
import org.agentchat.hooks.Workbench;
import org.agentchat.ledger.Escrow;
import org.agentchat.ledger.Ledger;
import org.agentchat.ledger.Proposal;
import org.agentchat.schemas.escrow.EvmHash;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads what the contract reported in blocks that stay, from where it had come, and hands what is
/// about a deal of the log to the observer. The cursor moves only when all of that is in the log.
final class ContractReader implements Comparison.Reader {
  /// Parts of one look, so that a long history does not keep transactions waiting.
  private static final int MAX_PARTS = 20;

  private static final Logger log = LoggerFactory.getLogger(ContractReader.class);

  private final EvmSettings settings;
  private final ChainNode node;
  private final Transactor transactor;
  private final JdbcTransactionStore store;
  private final Workbench workbench;
  private final ContractLogs logs;
  private final Optional<Observer> observer;
  private boolean again;
  private OptionalLong caughtUpTo = OptionalLong.empty();

  ContractReader(
      EvmSettings settings,
      ChainNode node,
      Transactor transactor,
      JdbcTransactionStore store,
      Workbench workbench,
      Optional<Observer> observer) {
    this.settings = settings;
    this.node = node;
    this.transactor = transactor;
    this.store = store;
    this.workbench = workbench;
    this.logs = new ContractLogs(node, settings.address(), settings.firstBlock());
    this.observer = observer;
  }

  @Override
  public OptionalLong caughtUpTo() {
    return caughtUpTo;
  }

  @Override
  public boolean observes(String proposalId) {
    return observer.isPresent()
        && workbench
            .look(ledger -> ledger.proposal(proposalId))
            .filter(observer.get()::isOurs)
            .isPresent();
  }

  /// Something of the past is missing: the next reading begins at the first block.
  @Override
  public void readAgain() {
    again = true;
    caughtUpTo = OptionalLong.empty();
  }

  /// Reads on.
  ///
  /// @return whether the contract reported anything about a deal of the log
  boolean read() throws ChainException, SQLException, InterruptedException {
    caughtUpTo = OptionalLong.empty();
    // The head is asked for first: what a deal's money did up to there, its acceptance came before.
    long finalNumber = transactor.finalNumber(node.head().ref());
    if (!FoldWait.readAll(workbench)) {
      return false;
    }
    boolean news = false;
    for (int part = 0; part < MAX_PARTS; part++) {
      Optional<BlockRef> cursor = again ? Optional.empty() : store.cursor(settings.address());
      Optional<ContractLogs.Part> next = logs.next(cursor, finalNumber);
      if (next.isEmpty()) {
        caughtUpTo = OptionalLong.of(finalNumber);
        return news;
      }
      again = false;
      news |= take(next.get());
      BlockRef upTo = next.get().upTo();
      workbench.transaction(connection -> {
        store.moveCursor(connection, settings.address(), upTo);
        return 0;
      });
    }
    return news;
  }

  private boolean take(ContractLogs.Part part) throws InterruptedException {
    if (part.logs().isEmpty()) {
      return false;
    }
    Map<EvmHash, Proposal> deals = workbench.look(this::deals);
    boolean news = false;
    for (ChainLog entry : part.logs()) {
      Optional<EscrowEvent.Step> step = step(entry);
      Optional<Proposal> deal = step.map(each -> deals.get(new EvmHash(each.escrow())));
      if (step.isPresent() && deal.isPresent()) {
        news = true;
        observe(deal.get(), step.get(), entry);
      }
    }
    return news;
  }

  private void observe(Proposal deal, EscrowEvent.Step step, ChainLog entry)
      throws InterruptedException {
    if (observer.isPresent()) {
      observer.get().observe(deal, step, entry);
    }
  }

  /// The deals whose money is in this contract, by its name for them.
  private Map<EvmHash, Proposal> deals(Ledger ledger) {
    Map<EvmHash, Proposal> deals = new HashMap<>();
    for (Proposal proposal : ledger.proposals()) {
      Escrow escrow = proposal.escrow();
      if (escrow != null && escrow.terms().escrowContract().equals(settings.contract())) {
        deals.put(escrow.id(), proposal);
      }
    }
    return deals;
  }

  private Optional<EscrowEvent.Step> step(ChainLog entry) {
    try {
      return EscrowClient.event(entry)
          .filter(EscrowEvent.Step.class::isInstance)
          .map(EscrowEvent.Step.class::cast);
    } catch (GarbledAnswerException e) {
      log.error("hook {}: {}", settings.name(), e.getMessage());
      return Optional.empty();
    }
  }
}
