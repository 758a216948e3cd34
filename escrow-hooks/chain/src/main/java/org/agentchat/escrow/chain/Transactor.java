package org.agentchat.escrow.chain;

import java.math.BigInteger;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings wishes into one chain, each once: looks at the chain, asks [Decision] what is next, does
/// it and stores what it did, before the effect where the effect could not be found again.
///
/// One transactor writes for a sender at a time; within a process its own lock sees to that.
public final class Transactor {
  /// Steps of one request at one look: sign, send, include, finish, and some to spare.
  private static final int MAX_STEPS = 8;

  private static final Logger LOG = LoggerFactory.getLogger(Transactor.class);

  private final ReentrantLock lock = new ReentrantLock();
  private final ChainNode node;
  private final TransactionStore store;
  private final long chainId;
  private final Finality finality;
  private final FeePolicy fees;

  /// @param chainId the chain that is meant (EIP-155)
  public Transactor(
      ChainNode node, TransactionStore store, long chainId, Finality finality, FeePolicy fees) {
    this.node = node;
    this.store = store;
    this.chainId = chainId;
    this.finality = finality;
    this.fees = fees;
  }

  /// How a request stands after a look.
  ///
  /// @param tracked as it is stored now
  /// @param waiting why nothing more was done, absent when it is over
  public record Report(Tracked tracked, Optional<Waiting> waiting) {}

  /// Why a request waits.
  ///
  /// @param reason for programs
  /// @param detail for people
  public record Waiting(WaitReason reason, String detail) {
    @Override
    public String toString() {
      return reason + ": " + detail;
    }
  }

  /// Makes sure that the node is on the chain that is meant, and that this chain is the one that
  /// the store knows. Called once before anything else.
  ///
  /// @throws WrongChainException if it is another one
  public void requireChain() throws ChainException, SQLException {
    long found = node.chainId();
    if (found != chainId) {
      throw new WrongChainException(
          "the node is on chain %d, wanted chain %d: nothing is signed for it"
              .formatted(found, chainId));
    }
    Hash genesis =
        node.block(0)
            .orElseThrow(() -> new GarbledAnswerException("the node has no block 0"))
            .ref()
            .hash();
    Hash known = store.genesis(genesis);
    if (!known.equals(genesis)) {
      throw new WrongChainException(
          "the node's chain %d begins with block %s, the one in the database with %s: a new chain of"
                  .formatted(chainId, genesis, known)
              + " the same id wants a new database");
    }
  }

  /// The newest height that counts as final; -1 when there is none.
  public long finalNumber(BlockRef head) throws ChainException {
    return switch (finality) {
      case Finality.Depth(int blocks) -> head.number() - blocks;
      case Finality.Tag() -> node.finalized().map(block -> block.ref().number()).orElse(-1L);
    };
  }

  /// One look at the chain: does what can be done now for everything that a sender has under way.
  ///
  /// @throws ChainException when the node does not answer; nothing is lost, look again later
  public List<Report> step(Signer signer) throws ChainException, SQLException {
    lock.lock();
    try {
      Look look = Look.at(node, signer.address(), this::finalNumber);
      reopen(look);
      fillGap(look);
      List<Tracked> underWay = new ArrayList<>(store.underWay(signer.address()));
      List<Report> reports = new ArrayList<>();
      for (int place = 0; place < underWay.size(); place++) {
        reports.add(advance(underWay, place, look, signer));
      }
      return reports;
    } finally {
      lock.unlock();
    }
  }

  /// Plans a wish and looks until it is over. A node that is away meanwhile is waited for.
  ///
  /// @param poll between two looks
  /// @return how it stands: not over only when the time is
  /// @throws ChainException when the node did not answer until the time was over
  public Report bring(Request request, Signer signer, Duration poll, Duration within)
      throws ChainException, SQLException, InterruptedException {
    store.plan(request);
    long deadline = System.nanoTime() + within.toNanos();
    while (true) {
      boolean late = System.nanoTime() > deadline;
      try {
        Optional<Report> report =
            step(signer).stream().filter(each -> isFor(request, each.tracked())).findFirst();
        Tracked newest =
            store
                .find(request.key())
                .orElseThrow(() -> new SQLException("a row that was written is not there"));
        if (newest.stage().isOver() || late) {
          return new Report(newest, report.flatMap(Report::waiting));
        }
      } catch (NodeUnreachableException | GarbledAnswerException e) {
        if (late) {
          throw e;
        }
        LOG.warn("{} waits: {}", request.key(), e.getMessage());
      }
      Thread.sleep(poll);
    }
  }

  private static boolean isFor(Request request, Tracked tracked) {
    return tracked.request().key().equals(request.key());
  }

  /// What was over for good is not: the chain went back beyond what counts as final, or is being
  /// replayed. The same bytes are sent again, also those that the contract had refused: without
  /// them their nonces would be gaps.
  private void reopen(Look look) throws SQLException {
    for (Tracked over : store.reopen(look.sender(), look.nonce())) {
      LOG.error(
          "{} with nonce {} was {} for good, but the chain of {} went back before it: sent again,"
              + " and finality should be deeper",
          over.request().key(),
          nonce(over).orElseThrow(),
          over.stage() instanceof Stage.Final ? "done" : "refused",
          look.sender());
    }
  }

  /// What waits above a gap would wait for ever, so an empty transaction fills it, unless something
  /// that is planned will.
  private void fillGap(Look look) throws ChainException, SQLException {
    List<Tracked> underWay = store.underWay(look.sender());
    boolean planned = underWay.stream().anyMatch(each -> each.stage() instanceof Stage.Planned);
    if (planned || underWay.stream().noneMatch(each -> isLate(each, look))) {
      return;
    }
    Optional<Long> gap = store.nonces(look.sender(), look.nonce(), look.pendingNonce()).gap();
    if (gap.isPresent()) {
      LOG.warn(
          "no transaction of {} has nonce {}, and others wait for it: an empty one fills the gap",
          look.sender(),
          gap.get());
      store.plan(
          new Request(
              "gap/%s/%d".formatted(look.sender(), gap.get()),
              look.sender(),
              Optional.of(look.sender()),
              BigInteger.ZERO,
              "0x"));
    }
  }

  private boolean isLate(Tracked tracked, Look look) {
    return tracked.stage() instanceof Stage.Sent(long nonce, List<Attempt> attempts)
        && nonce > look.nonce()
        && attempts.getLast().sentAt().isPresent()
        && look.head().ref().number() - attempts.getLast().sentAt().getAsLong()
            >= fees.stuckAfter();
  }

  /// @param underWay kept up to date, because what one may spend the next cannot
  private Report advance(List<Tracked> underWay, int place, Look look, Signer signer)
      throws ChainException, SQLException {
    Decision decision = new Decision(fees);
    Tracked current = underWay.get(place);
    Optional<Waiting> sendRefused = Optional.empty();
    for (int step = 0; step < MAX_STEPS && !current.stage().isOver(); step++) {
      ChainView view = look.view(current, underWay);
      switch (decision.next(current.request(), current.stage(), view)) {
        case Action.Wait(WaitReason reason, String detail) -> {
          return new Report(
              current, sendRefused.or(() -> Optional.of(new Waiting(reason, detail))));
        }
        case Action.Send(Attempt attempt) -> {
          if (sendRefused.isPresent()) {
            return new Report(current, sendRefused);
          }
          sendRefused = send(attempt);
          current = store.save(current, afterSending(current.stage(), attempt, look));
        }
        case Action.Sign(Fees offer, long gasLimit) ->
            current = sign(current, offer, gasLimit, look, signer);
        case Action.Replace(Fees offer, long gasLimit) ->
            current = replace(current, offer, gasLimit, signer);
        case Action.Include(Inclusion where) -> current = include(current, where);
        case Action.Unmine() -> current = unmine(current);
        case Action.Finish(Inclusion where) -> current = finish(current, where);
        case Action.Refuse(ContractError error, Optional<Inclusion> where) ->
            current = refuse(current, error, where);
        case Action.GiveUp() -> current = giveUp(current);
      }
      underWay.set(place, current);
    }
    return new Report(current, sendRefused);
  }

  private Tracked sign(Tracked planned, Fees offer, long gasLimit, Look look, Signer signer)
      throws ChainException, SQLException {
    Request request = planned.request();
    return store.sign(
        planned,
        look.nonce(),
        look.pendingNonce(),
        nonce -> signer.attempt(chainId, request, nonce, offer, gasLimit));
  }

  private Tracked replace(Tracked stuck, Fees offer, long gasLimit, Signer signer)
      throws SQLException {
    if (!(stuck.stage() instanceof Stage.Sent(long nonce, List<Attempt> attempts))) {
      throw new IllegalStateException("only what was sent is replaced: " + stuck);
    }
    List<Attempt> more = new ArrayList<>(attempts);
    more.add(signer.attempt(chainId, stuck.request(), nonce, offer, gasLimit));
    LOG.info("{} is stuck with nonce {}: now {}", stuck.request().key(), nonce, offer);
    return store.save(stuck, new Stage.Sent(nonce, more));
  }

  /// A refusal changes nothing: the next look says whether the node has it after all.
  private Optional<Waiting> send(Attempt attempt) throws ChainException {
    try {
      node.send(attempt.raw());
      return Optional.empty();
    } catch (NodeRefusedException e) {
      return Optional.of(new Waiting(WaitReason.NODE_DECLINES, String.valueOf(e.getMessage())));
    }
  }

  private static Stage afterSending(Stage stage, Attempt sent, Look look) {
    long head = look.head().ref().number();
    return switch (stage) {
      case Stage.Signed(long nonce, List<Attempt> attempts) ->
          new Stage.Sent(nonce, marked(attempts, sent, head));
      case Stage.Sent(long nonce, List<Attempt> attempts) ->
          new Stage.Sent(nonce, marked(attempts, sent, head));
      case Stage.Planned _, Stage.Mined _, Stage.Final _, Stage.Reverted _, Stage.Replaced _ ->
          throw new IllegalStateException("nothing is sent at the stage " + stage);
    };
  }

  private static List<Attempt> marked(List<Attempt> attempts, Attempt sent, long head) {
    return attempts.stream()
        .map(attempt -> attempt.hash().equals(sent.hash()) ? attempt.sent(head) : attempt)
        .toList();
  }

  private Tracked include(Tracked tracked, Inclusion where) throws SQLException {
    LOG.info("{} is in block {}", tracked.request().key(), where.block());
    return store.save(
        tracked,
        new Stage.Mined(nonce(tracked).orElseThrow(), StageRow.attempts(tracked.stage()), where));
  }

  private Tracked unmine(Tracked tracked) throws SQLException {
    LOG.warn("a reorganisation took {} out of its block: sent again", tracked.request().key());
    return store.save(
        tracked, new Stage.Sent(nonce(tracked).orElseThrow(), StageRow.attempts(tracked.stage())));
  }

  private Tracked finish(Tracked tracked, Inclusion where) throws SQLException {
    LOG.info("{} is final in block {}", tracked.request().key(), where.block());
    return store.save(
        tracked,
        new Stage.Final(nonce(tracked).orElseThrow(), StageRow.attempts(tracked.stage()), where));
  }

  private Tracked refuse(Tracked tracked, ContractError error, Optional<Inclusion> where)
      throws SQLException {
    ContractError reason = where.isPresent() ? reason(tracked.request(), where.get()) : error;
    LOG.info("{} was refused by the contract: {}", tracked.request().key(), reason);
    return store.save(tracked, new Stage.Reverted(reason, nonce(tracked), where));
  }

  private Tracked giveUp(Tracked tracked) throws SQLException {
    long nonce = nonce(tracked).orElseThrow();
    LOG.error(
        "somebody else used nonce {} of {}, so {} will not come about with it: another program has"
            + " the account's key; find it and stop it, one program sends for an account at a time",
        nonce,
        tracked.request().sender(),
        tracked.request().key());
    return store.save(tracked, new Stage.Replaced(nonce));
  }

  /// The chain keeps no reason, so the call is tried again on the state before its block, and on
  /// the one after it, when another transaction of the block was the cause. For people: nothing is
  /// decided by it.
  private ContractError reason(Request request, Inclusion where) {
    long block = where.block().number();
    try {
      node.call(Call.of(request), Math.max(0, block - 1));
      node.call(Call.of(request), block);
      return ContractError.SILENT;
    } catch (RevertedException e) {
      return e.error();
    } catch (ChainException e) {
      LOG.debug("why {} was refused cannot be found out: {}", request.key(), e.getMessage());
      return ContractError.SILENT;
    }
  }

  private static OptionalLong nonce(Tracked tracked) {
    return switch (tracked.stage()) {
      case Stage.Planned _ -> OptionalLong.empty();
      case Stage.Signed signed -> OptionalLong.of(signed.nonce());
      case Stage.Sent sent -> OptionalLong.of(sent.nonce());
      case Stage.Mined mined -> OptionalLong.of(mined.nonce());
      case Stage.Final done -> OptionalLong.of(done.nonce());
      case Stage.Reverted reverted -> reverted.nonce();
      case Stage.Replaced replaced -> OptionalLong.of(replaced.nonce());
    };
  }
}
