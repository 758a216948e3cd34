package org.agentchat.akash.deployment;

import com.google.protobuf.ByteString;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.agentchat.akash.chain.Account;
import org.agentchat.akash.chain.Broadcast;
import org.agentchat.akash.chain.ChainClient;
import org.agentchat.akash.chain.DeploymentState;
import org.agentchat.akash.chain.NodeException;
import org.agentchat.akash.chain.Simulation;
import org.agentchat.akash.provider.ManifestAnswer;
import org.agentchat.akash.provider.ProviderException;
import org.agentchat.akash.sdl.Manifest;
import org.agentchat.akash.sdl.SdlReader;
import org.agentchat.akash.tx.BidId;
import org.agentchat.akash.tx.Coin;
import org.agentchat.akash.tx.DeploymentId;
import org.agentchat.akash.tx.Draft;
import org.agentchat.akash.tx.Order;
import org.agentchat.akash.tx.SignedTransaction;
import org.agentchat.akash.wallet.AccountKey;
import org.agentchat.akash.wallet.Address;

/// Does what [Decision] says, one deployment at a time: look, decide, write down, do. May be
/// stopped or killed at any point; whoever opens the journal goes on. Not thread-safe.
public final class DeploymentRunner {
  /// What is paid for beyond what the simulation used: state changes until the block.
  static final BigDecimal GAS_FACTOR = new BigDecimal("1.5");

  static final String MEMO = "agentchat";

  /// A node that is gone so long is somebody's problem; the deployment goes on later.
  private static final int MAX_FAILURES = 20;

  private final ChainClient chain;
  private final AccountKey key;
  private final Providers providers;
  private final Clock clock;
  private final Duration pause;
  private final Watcher watcher;

  /// @param pause between two looks; a block takes six seconds
  public DeploymentRunner(
      ChainClient chain,
      AccountKey key,
      Providers providers,
      Clock clock,
      Duration pause,
      Watcher watcher) {
    this.chain = chain;
    this.key = key;
    this.providers = providers;
    this.clock = clock;
    this.pause = pause;
    this.watcher = watcher;
  }

  /// Begins a deployment and goes on until it runs, is over or is stuck.
  ///
  /// @throws NodeException if the node is gone for long
  /// @throws JournalException if nothing can be written down any more
  public DeploymentRecord begin(DeploymentStore store, Plan plan) {
    return begin(store, plan, _ -> false);
  }

  /// The same, stopping also when the record is as wanted.
  public DeploymentRecord begin(
      DeploymentStore store, Plan plan, Predicate<DeploymentRecord> enough) {
    chain.requireUsableNode();
    Set<Long> numbers = store.numbers();
    try (Journal journal = store.create(plan)) {
      return drive(journal, numbers, enough);
    }
  }

  /// Goes on with everything that is not over.
  public void resume(DeploymentStore store) {
    chain.requireUsableNode();
    Set<Long> numbers = store.numbers();
    for (Journal journal : store.open()) {
      try (journal) {
        if (isMine(journal.record())) {
          tryClosingAgain(journal);
          drive(journal, numbers, _ -> false);
        }
      }
    }
  }

  /// Goes on with the deployment whose plan has that name; empty if there is none.
  ///
  /// @param enough stops, although there is more to do
  public Optional<DeploymentRecord> resume(
      DeploymentStore store, String name, Predicate<DeploymentRecord> enough) {
    chain.requireUsableNode();
    Optional<Journal> found = store.open(name);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    try (Journal journal = found.get()) {
      tryClosingAgain(journal);
      return Optional.of(drive(journal, store.numbers(), enough));
    }
  }

  /// Closes the deployment whose plan has that name; empty if there is none.
  ///
  /// @param why one sentence
  public Optional<DeploymentRecord> close(DeploymentStore store, String name, String why) {
    chain.requireUsableNode();
    Optional<Journal> found = store.open(name);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    try (Journal journal = found.get()) {
      return Optional.of(close(journal, store.numbers(), why));
    }
  }

  private DeploymentRecord close(Journal journal, Set<Long> numbers, String why) {
    DeploymentRecord record = journal.record();
    boolean wanted = record.close().filter(close -> !close.again()).isPresent();
    if (!record.phase().isOver() && !wanted) {
      append(journal, new Step.CloseWanted(why, false, ""));
    }
    tryClosingAgain(journal);
    return drive(journal, numbers, _ -> false);
  }

  private boolean isMine(DeploymentRecord record) {
    return record.plan().owner().equals(key.address().text())
        && record.plan().chainId().equals(chain.network().chainId());
  }

  /// Closes a deployment of this folder; empty if there is none of that number.
  public Optional<DeploymentRecord> close(DeploymentStore store, long dseq) {
    chain.requireUsableNode();
    Optional<Journal> found = store.open(dseq);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    try (Journal journal = found.get()) {
      return Optional.of(close(journal, store.numbers(), Decision.OWNERS_WISH));
    }
  }

  /// Closes an open deployment of the wallet that no journal of this folder knows, and begins one
  /// for that; empty if the chain has none of that number.
  public Optional<DeploymentRecord> closeStranger(DeploymentStore store, long dseq) {
    Optional<DeploymentState> state = chain.deployment(new DeploymentId(key.address(), dseq));
    if (state.isEmpty()) {
      return Optional.empty();
    }
    Set<Long> numbers = store.numbers();
    try (Journal journal = store.create(Plan.toClose(chain.network().chainId(), key.address()))) {
      append(journal, new Step.Numbered(dseq));
      append(journal, new Step.CloseWanted(Decision.OWNERS_WISH, false, ""));
      append(journal, new Step.Entered(Phase.CLOSING, chain.height(), Decision.OWNERS_WISH));
      return Optional.of(drive(journal, numbers, _ -> false));
    }
  }

  /// Takes an owner's word for the provider of every group that has no lease.
  ///
  /// @return empty if there is no deployment of that number in this folder
  /// @throws IllegalArgumentException if that provider has no open bid, or it is too late for it
  public Optional<DeploymentRecord> accept(DeploymentStore store, long dseq, Address provider) {
    chain.requireUsableNode();
    Optional<Journal> found = store.open(dseq);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    try (Journal journal = found.get()) {
      Acceptance.of(journal.record(), chain, provider).forEach(step -> append(journal, step));
      return Optional.of(drive(journal, store.numbers(), _ -> false));
    }
  }

  /// Adds to the escrow account of a deployment that runs, once.
  ///
  /// @param deposit in uact
  /// @param burn what may be burned for ACT that is missing, in uakt; 0 is nothing
  /// @return empty if there is no deployment of that number in this folder
  /// @throws AmendmentException if it is another wallet's, does not run, or is being changed
  public Optional<DeploymentRecord> topUp(
      DeploymentStore store, long dseq, long deposit, long burn) {
    return amend(store, dseq, record -> Amending.topUp(record, deposit, burn));
  }

  /// Gives a deployment that runs another manifest for the same resources.
  ///
  /// @param sdl the whole new SDL
  /// @return empty if there is no deployment of that number in this folder
  /// @throws AmendmentException if it is another wallet's, does not run, is being changed, or the
  ///   SDL asks for other resources
  public Optional<DeploymentRecord> update(DeploymentStore store, long dseq, String sdl) {
    return amend(store, dseq, record -> Amending.update(record, sdl));
  }

  /// Goes on until the change is over; if that is because the deployment ends, until that is over.
  private Optional<DeploymentRecord> amend(
      DeploymentStore store, long dseq, Function<DeploymentRecord, Step> wish) {
    chain.requireUsableNode();
    Optional<Journal> found = store.open(dseq);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    try (Journal journal = found.get()) {
      DeploymentRecord record = journal.record();
      if (!isMine(record)) {
        throw new AmendmentException(
            "the deployment %d is of the wallet %s on %s, this is %s on %s"
                .formatted(
                    dseq,
                    record.plan().owner(),
                    record.plan().chainId(),
                    key.address(),
                    chain.network().chainId()));
      }
      append(journal, wish.apply(record));
      return Optional.of(
          drive(
              journal,
              store.numbers(),
              now ->
                  now.amendment().isEmpty()
                      && now.phase() == Phase.RUNNING
                      && now.close().isEmpty()));
    }
  }

  /// What kept it from being closed may be gone.
  private void tryClosingAgain(Journal journal) {
    DeploymentRecord record = journal.record();
    if (record.phase() == Phase.CLOSING && Decision.isStuck(record)) {
      append(journal, new Step.Entered(Phase.CLOSING, record.phaseHeight(), record.why()));
    }
  }

  private void append(Journal journal, Step step) {
    journal.append(step);
    watcher.wrote(journal.record(), step);
  }

  private DeploymentRecord drive(
      Journal journal, Set<Long> numbers, Predicate<DeploymentRecord> enough) {
    DeploymentRecord record = journal.record();
    Eyes eyes = new Eyes(chain, providers, clock, numbers);
    int failures = 0;
    while (!enough.test(record)) {
      try {
        View view = eyes.look(record);
        if (!act(journal, eyes, Decision.next(record, manifest(record), view))) {
          return record;
        }
        failures = 0;
      } catch (NodeException e) {
        failures++;
        if (failures >= MAX_FAILURES) {
          throw e;
        }
        sleep(record, String.valueOf(e.getMessage()));
      }
    }
    return record;
  }

  /// A deployment that is only to be closed has none.
  private static Manifest manifest(DeploymentRecord record) {
    return record.sdl().isEmpty()
        ? new Manifest(List.of(), "")
        : Manifest.of(SdlReader.read(record.sdl()));
  }

  /// False when there is nothing to do.
  private boolean act(Journal journal, Eyes eyes, Action action) {
    DeploymentRecord record = journal.record();
    switch (action) {
      case Action.Write(Step step) -> {
        append(journal, step);
        eyes.forget();
      }
      case Action.Submit(Order order) -> submit(journal, eyes, order);
      case Action.Resend() -> {
        ByteString bytes =
            ByteString.copyFrom(Base64.getDecoder().decode(record.pending().orElseThrow().bytes()));
        chain.broadcast(bytes);
        sleep(record, "for a block with the transaction");
      }
      case Action.SendManifest(int gseq, BidId lease) -> {
        ManifestAnswer answer = send(record, lease);
        eyes.remember(gseq, answer);
        switch (answer) {
          case ManifestAnswer.Taken() -> {
            // It is written down next.
          }
          case ManifestAnswer.NotYet(String why) -> sleep(record, why);
          case ManifestAnswer.Refused(String why) -> sleep(record, why);
        }
      }
      case Action.Wait(String what) -> sleep(record, what);
      case Action.Rest(String why) -> {
        watcher.waits(record, why);
        return false;
      }
    }
    return true;
  }

  private ManifestAnswer send(DeploymentRecord record, BidId lease) {
    Manifest manifest = manifest(record);
    try {
      return providers.of(lease.provider()).send(lease.deployment().dseq(), manifest.json());
    } catch (ProviderException e) {
      return new ManifestAnswer.Refused(String.valueOf(e.getMessage()));
    }
  }

  /// Simulates, signs, writes down, and only then sends.
  private void submit(Journal journal, Eyes eyes, Order order) {
    Address owner = key.address();
    Optional<Account> account = chain.account(owner);
    if (account.isEmpty()) {
      eyes.remember(
          new View.Refusal(
              Kind.of(order), "the chain knows no account " + owner + "; send AKT to it first"));
      return;
    }
    Draft probe = new Draft(order.message(), MEMO, 0, Coin.uakt(0), account.get().sequence(), 0);
    switch (chain.simulate(probe.unsigned(key))) {
      case Simulation.Refused(String reason) -> refused(journal, eyes, order, reason);
      case Simulation.Gas(long used) -> sign(journal, eyes, order, account.get(), used);
    }
  }

  /// Another transaction of the account is under way: its block has to come first.
  private void refused(Journal journal, Eyes eyes, Order order, String reason) {
    if (reason.contains("account sequence mismatch")) {
      sleep(journal.record(), "for another transaction of the account");
    } else {
      eyes.remember(new View.Refusal(Kind.of(order), reason));
    }
  }

  private void sign(Journal journal, Eyes eyes, Order order, Account account, long used) {
    DeploymentRecord record = journal.record();
    BigDecimal factor = GAS_FACTOR.pow(1 + record.gasShortages());
    long gas =
        factor
            .multiply(BigDecimal.valueOf(used))
            .setScale(0, RoundingMode.CEILING)
            .longValueExact();
    Coin fee = Fees.of(gas, chain.network());
    long timeout = chain.height() + record.plan().patience().transaction();
    SignedTransaction transaction =
        new Draft(order.message(), MEMO, gas, fee, account.sequence(), timeout)
            .sign(key, chain.network().chainId(), account.number());
    append(journal, signed(order, transaction, gas, fee));
    if (chain.broadcast(transaction.bytes()) instanceof Broadcast.Refused no) {
      eyes.remember(transaction.hash(), no);
    }
  }

  private static Step.Signed signed(
      Order order, SignedTransaction transaction, long gas, Coin fee) {
    return new Step.Signed(
        Kind.of(order),
        transaction.hash(),
        Base64.getEncoder().encodeToString(transaction.bytes().toByteArray()),
        transaction.sequence(),
        transaction.timeoutHeight(),
        gas,
        fee.amount(),
        moved(order, Coin.UAKT),
        moved(order, Coin.UACT));
  }

  private static long moved(Order order, String denom) {
    return order.moves().stream()
        .filter(coin -> coin.denom().equals(denom))
        .mapToLong(Coin::amount)
        .sum();
  }

  private void sleep(DeploymentRecord record, String what) {
    watcher.waits(record, what);
    try {
      Thread.sleep(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new JournalException("interrupted; --resume goes on", e);
    }
  }
}
