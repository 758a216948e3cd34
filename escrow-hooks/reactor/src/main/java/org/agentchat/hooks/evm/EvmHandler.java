package org.agentchat.hooks.evm;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.agentchat.escrow.chain.Address;
import org.agentchat.escrow.chain.Block;
import org.agentchat.escrow.chain.ChainException;
import org.agentchat.escrow.chain.EscrowClient;
import org.agentchat.escrow.chain.GarbledAnswerException;
import org.agentchat.escrow.chain.JdbcTransactionStore;
import org.agentchat.escrow.chain.JsonRpcNode;
import org.agentchat.escrow.chain.NodeRefusedException;
import org.agentchat.escrow.chain.NodeUnreachableException;
import org.agentchat.escrow.chain.Request;
import org.agentchat.escrow.chain.RevertedException;
import org.agentchat.escrow.chain.Signer;
import org.agentchat.escrow.chain.Stage;
import org.agentchat.escrow.chain.Tracked;
import org.agentchat.escrow.chain.Transactor;
import org.agentchat.escrow.chain.WaitReason;
import org.agentchat.escrow.chain.WrongChainException;
import org.agentchat.hooks.Handler;
import org.agentchat.hooks.Intent;
import org.agentchat.hooks.Outcome;
import org.agentchat.hooks.Planner;
import org.agentchat.hooks.Workbench;
import org.jspecify.annotations.Nullable;

/// The hook that moves money. An attempt never waits for a block: it looks, says what it wants of
/// the chain, and looks again later. Getting it into the chain is [ChainWatcher]'s.
public final class EvmHandler implements Handler {
  /// Why an intent is stuck when the chain cannot be asked; the others are the transactor's.
  private static final String CHAIN_AWAY = "CHAIN_AWAY";

  private final EvmSettings settings;
  private final JsonRpcNode node;
  private final EscrowClient escrow;
  private @Nullable Running running;

  /// What there is between start and close.
  private record Running(
      Workbench workbench,
      JdbcTransactionStore store,
      EscrowChain chain,
      LockCheck lockCheck,
      ChainWatcher watcher) {}

  /// Connects to nothing yet.
  public EvmHandler(EvmSettings settings) {
    this.settings = settings;
    this.node = new JsonRpcNode(settings.node());
    this.escrow = new EscrowClient(node, settings.contract().chain().id(), settings.address());
  }

  @Override
  public Planner planner() {
    return new EvmPlanner(
        settings.contract(),
        settings.signers().stream().map(Signer::address).toList(),
        settings.timeOuts(),
        settings.withdrawals());
  }

  @Override
  public void start(Workbench workbench) {
    long chainId = settings.contract().chain().id();
    JdbcTransactionStore store = new JdbcTransactionStore(chainId, new Borrowed(workbench));
    Transactor transactor =
        new Transactor(node, store, chainId, settings.finality(), settings.fees());
    EscrowChain chain = new EscrowChain(node, escrow, transactor, settings.firstBlock());
    ChainWatcher watcher = new ChainWatcher(settings, node, escrow, transactor, store, workbench);
    running = new Running(workbench, store, chain, new LockCheck(node, escrow, workbench), watcher);
    watcher.start();
  }

  /// The store's transactions are the reactor's.
  private record Borrowed(Workbench workbench) implements JdbcTransactionStore.Transactions {
    @Override
    public <T> T run(JdbcTransactionStore.Work<T> work) throws SQLException {
      return workbench.transaction(work::run);
    }
  }

  @Override
  public Outcome attempt(Intent intent) throws SQLException {
    Running now = running;
    if (now == null) {
      throw new IllegalStateException("attempted before it was started");
    }
    Errand errand = Errand.read(intent.payload());
    if (!now.watcher().isReady()) {
      return now.watcher()
          .trouble()
          .map(why -> stuck(now, CHAIN_AWAY, why))
          .orElseGet(() -> soon(now, "the chain was not looked at yet"));
    }
    try {
      return attempt(now, errand, intent);
    } catch (ChainException e) {
      return switch (e) {
        // Only questions are asked here, and what a node refuses to answer now (a replica lags, a
        // limit is reached) it answers later: over a long life that must not add up.
        case NodeUnreachableException _, GarbledAnswerException _, NodeRefusedException _ ->
            stuck(now, CHAIN_AWAY, text(e));
        case WrongChainException _, RevertedException _ -> failed(now, intent, text(e));
      };
    }
  }

  private Outcome attempt(Running now, Errand errand, Intent intent)
      throws ChainException, SQLException {
    EscrowChain.Sights sights = now.chain().look(errand);
    Course course = Course.of(errand, sights.now());
    return switch (course) {
      case Course.Reached(String note) -> settled(now, errand, sights, note);
      case Course.Moot(String note) -> settled(now, errand, sights, note);
      case Course.Lost(String note) -> new Outcome.Dead(note);
      case Course.Later(long until, String note) -> new Outcome.Waiting(recheck(now, until), note);
      case Course.Call call -> call(now, errand, call, sights.head(), intent);
    };
  }

  /// What is reached counts only where it stays.
  private Outcome settled(Running now, Errand errand, EscrowChain.Sights sights, String note) {
    boolean stays =
        sights
            .last()
            .map(last -> Course.of(errand, last))
            .filter(course -> course instanceof Course.Reached || course instanceof Course.Moot)
            .isPresent();
    return stays ? new Outcome.Done(note) : soon(now, note + ", not final yet");
  }

  private Outcome call(Running now, Errand errand, Course.Call call, long head, Intent intent)
      throws ChainException, SQLException {
    String key = errand.call(call.step());
    Optional<Tracked> tracked = now.store().find(key);
    if (errand.goal() instanceof Goal.Lock && isTriedAnew(tracked)) {
      Optional<Outcome> notYet = prepare(now, errand, intent);
      if (notYet.isPresent()) {
        return notYet.get();
      }
    }
    Request request = escrow.request(key, call.call(), errand.by());
    Tracked newest = now.store().plan(request);
    return switch (newest.stage()) {
      case Stage.Planned _, Stage.Signed _, Stage.Sent _, Stage.Mined _ -> {
        now.watcher().look();
        yield underWay(now, call.note(), key);
      }
      case Stage.Final done when isSpent(errand, done, head) -> {
        now.store().planAfter(newest, request);
        now.watcher().look();
        yield soon(now, call.note() + ", which came after the last withdrawal");
      }
      case Stage.Final done ->
          soon(
              now,
              "the call is final in block %s, the node does not show its effect yet"
                  .formatted(done.where().block()));
      case Stage.Replaced _ -> soon(now, "somebody else used the nonce: it is tried anew");
      case Stage.Reverted reverted -> {
        now.store().planAgain(request);
        yield failed(now, intent, "the contract refused: " + reverted.error());
      }
    };
  }

  /// Whether the call would be a new try, before which all that a first one wants must hold: since
  /// the last one another lock may have used the approval up.
  private static boolean isTriedAnew(Optional<Tracked> newest) {
    return newest
        .map(Tracked::stage)
        .filter(stage -> !(stage instanceof Stage.Reverted || stage instanceof Stage.Replaced))
        .isEmpty();
  }

  /// What a transaction waits for: the next block, or an operator.
  private Outcome underWay(Running now, String note, String key) {
    Optional<Transactor.Waiting> progress = now.watcher().progress(key);
    String text = note + ": " + progress.map(Object::toString).orElse("not looked at yet");
    if (progress.map(Transactor.Waiting::reason).filter(EvmHandler::wantsOperator).isPresent()) {
      return stuck(now, progress.get().reason().name(), text);
    }
    return now.watcher()
        .trouble()
        .map(why -> stuck(now, CHAIN_AWAY, "%s: %s".formatted(note, why)))
        .orElseGet(() -> soon(now, text));
  }

  private static boolean wantsOperator(WaitReason reason) {
    return switch (reason) {
      case INSUFFICIENT_FUNDS, NODE_DECLINES, FEES_ABOVE_CAP, NONCE_TAKEN, TOO_MANY_ATTEMPTS ->
          true;
      case PENDING, CONFIRMING, UNCLEAR, OVER -> false;
    };
  }

  /// Whether a call that is done was for something else than what is wanted now: a credit that is
  /// there in the withdrawal's own block or later came after it.
  private static boolean isSpent(Errand errand, Stage.Final done, long head) {
    return errand.goal() instanceof Goal.Withdraw && head >= done.where().block().number();
  }

  /// What must hold before money goes in.
  private Optional<Outcome> prepare(Running now, Errand errand, Intent intent)
      throws ChainException, SQLException {
    return switch (now.lockCheck().of(errand)) {
      case LockCheck.Ready _ -> Optional.empty();
      case LockCheck.Never(String why) -> Optional.of(new Outcome.Dead(why));
      case LockCheck.First(Request approval) -> {
        Tracked planned = now.store().plan(approval);
        now.watcher().look();
        if (planned.stage() instanceof Stage.Reverted reverted) {
          now.store().planAgain(approval);
          yield Optional.of(
              failed(now, intent, "the token refused the approval: " + reverted.error()));
        }
        yield Optional.of(underWay(now, "the token is approved first", approval.key()));
      }
      case LockCheck.Busy(String why) -> Optional.of(soon(now, why));
    };
  }

  private Outcome stuck(Running now, String reason, String note) {
    return new Outcome.Stuck(now.workbench().clock().instant().plus(settings.poll()), reason, note);
  }

  private Outcome soon(Running now, String note) {
    return new Outcome.Waiting(now.workbench().clock().instant().plus(settings.poll()), note);
  }

  /// A time-out that has passed already, by the chain's clock or ours, is looked at soon; what
  /// waits for others is looked at when the contract says something, and now and then.
  private Instant recheck(Running now, long until) {
    Instant clock = now.workbench().clock().instant();
    Instant latest = clock.plus(settings.reconcile());
    Instant wanted = until == 0 ? latest : Instant.ofEpochSecond(until).plus(settings.poll());
    Instant soonest = clock.plus(settings.poll());
    return wanted.isBefore(soonest) ? soonest : wanted.isBefore(latest) ? wanted : latest;
  }

  private Outcome failed(Running now, Intent intent, String note) {
    return settings
        .retries()
        .failed(
            intent,
            note,
            Duration.ZERO,
            now.workbench().clock().instant(),
            RandomGenerator.getDefault());
  }

  private static String text(ChainException problem) {
    return String.valueOf(problem.getMessage());
  }

  /// Looks at the chain: is it the one that is meant, is the contract ours, what do the keys have.
  @Override
  public Outcome test() {
    try {
      long found = node.chainId();
      long wanted = settings.contract().chain().id();
      if (found != wanted) {
        return new Outcome.Dead("the node is on chain %d, wanted %d".formatted(found, wanted));
      }
      if (!escrow.isGenuine()) {
        return new Outcome.Dead(
            "the code at %s is not this build's AgentEscrow".formatted(settings.address()));
      }
      return new Outcome.Done(balances(node.head()));
    } catch (ChainException e) {
      return new Outcome.Dead(text(e));
    }
  }

  private String balances(Block head) throws ChainException {
    List<String> accounts = new ArrayList<>();
    for (Signer signer : settings.signers()) {
      Address account = signer.address();
      accounts.add(
          "%s has %s wei".formatted(account, node.balanceAt(account, head.ref().number())));
    }
    String keys = accounts.isEmpty() ? "no keys are held" : String.join(", ", accounts);
    return "chain %d is at block %d, the contract is genuine; %s"
        .formatted(settings.contract().chain().id(), head.ref().number(), keys);
  }

  /// Money is not moved twice because its row was forgotten.
  @Override
  public Optional<Duration> retention() {
    return Optional.empty();
  }

  @Override
  public void close() {
    Running now = running;
    if (now != null) {
      now.watcher().close();
    }
    node.close();
  }
}
