package org.agentchat.akash.deployment;

import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.agentchat.akash.chain.Balances;
import org.agentchat.akash.chain.Bid;
import org.agentchat.akash.chain.DeploymentState;
import org.agentchat.akash.chain.Lease;
import org.agentchat.akash.chain.MintTerms;
import org.agentchat.akash.messages.Source;
import org.agentchat.akash.provider.LeaseStatus;
import org.agentchat.akash.provider.ManifestAnswer;
import org.agentchat.akash.sdl.Manifest;
import org.agentchat.akash.tx.Coin;
import org.agentchat.akash.tx.DeploymentId;
import org.agentchat.akash.tx.Order;
import org.agentchat.akash.wallet.Address;

/// Says what to do next. Pure: the same record and view give the same action.
///
/// While the fate of a transaction is unknown, nothing is signed and no phase changes. What the
/// chain shows outranks what is written. Every wait has a deadline in blocks; what misses it is
/// closed.
final class Decision {
  /// How an owner's own wish to close is written down.
  static final String OWNERS_WISH = "its owner closed it";

  /// How it begins to be written down that there was no bid to accept.
  static final String NOBODY_BID = "nobody bid";

  static final String NO_BID_FITS = "no bid fits";

  private static final String TIME_OVER = "its time is over";

  /// An order is signed anew so often when its transactions never arrive.
  static final int MAX_DROPS = 10;

  /// And so often when they have too little gas, each time with more.
  static final int MAX_GAS_SHORTAGES = 3;

  private final DeploymentRecord record;
  private final Plan plan;
  private final Manifest manifest;
  private final View view;

  private Decision(DeploymentRecord record, Manifest manifest, View view) {
    this.record = record;
    this.plan = record.plan();
    this.manifest = manifest;
    this.view = view;
  }

  /// What to do next.
  ///
  /// @param manifest what follows from the plan's SDL
  static Action next(DeploymentRecord record, Manifest manifest, View view) {
    Decision decision = new Decision(record, manifest, view);
    return record.pending().isPresent()
        ? decision.await(record.pending().get())
        : decision.proceed();
  }

  private Action await(Step.Signed signed) {
    Fate.Sight sight =
        view.pending().orElseThrow(() -> new IllegalArgumentException("nobody looked"));
    return switch (Fate.of(signed, sight, view.height())) {
      case Fate.Done(long height) -> write(new Step.Delivered(signed.hash(), height));
      case Fate.Undone(var included) ->
          write(
              new Step.Undone(
                  signed.hash(),
                  included.height(),
                  included.isOutOfGas(),
                  "code %d of %s: %s"
                      .formatted(included.code(), included.codespace(), included.log())));
      case Fate.Never(boolean hopeless, String why) ->
          write(new Step.Dropped(signed.hash(), hopeless, why));
      case Fate.Open() -> new Action.Resend();
    };
  }

  private Action proceed() {
    return switch (record.phase()) {
      case PLANNED -> planned();
      case MINTING -> minting();
      case CREATING -> creating();
      case BIDDING -> bidding();
      case LEASING -> leasing();
      case SENDING_MANIFEST -> starting();
      case RUNNING -> running();
      case CLOSING -> closing();
      case CLOSED, FAILED -> new Action.Rest(record.why());
    };
  }

  private static Action write(Step step) {
    return new Action.Write(step);
  }

  private Action enter(Phase phase, String why) {
    return write(new Step.Entered(phase, view.height(), why));
  }

  private Action fail(String why) {
    return enter(record.ran() ? Phase.CLOSED : Phase.FAILED, why);
  }

  private boolean isLate(int blocks) {
    return view.height() > record.phaseHeight() + blocks;
  }

  private Optional<String> trouble(Kind kind) {
    return trouble(record, view, kind);
  }

  /// Why an order of this phase cannot be carried out, however often it is sent.
  static Optional<String> trouble(DeploymentRecord record, View view, Kind kind) {
    return record
        .trouble()
        .or(() -> view.refusalOf(kind))
        .or(() ->
            record.drops() >= MAX_DROPS
                ? Optional.of("%d transactions in a row never arrived".formatted(record.drops()))
                : Optional.empty())
        .or(() ->
            record.gasShortages() >= MAX_GAS_SHORTAGES
                ? Optional.of("the gas did not suffice %d times".formatted(record.gasShortages()))
                : Optional.empty());
  }

  /// Whether the phase's order failed for good, and only a fresh start of the phase tries it again.
  static boolean isStuck(DeploymentRecord record) {
    return record.pending().isEmpty()
        && (record.trouble().isPresent()
            || record.drops() >= MAX_DROPS
            || record.gasShortages() >= MAX_GAS_SHORTAGES);
  }

  // ---- before anything is open

  /// What this round puts into escrow: together with what earlier rounds paid, the plan's deposit.
  private long deposit() {
    return record.nextDeposit();
  }

  private boolean isTimeOver() {
    return plan.untilMs() > 0 && view.nowMs() >= plan.untilMs();
  }

  private Action planned() {
    if (record.close().isPresent()) {
      return enter(Phase.CLOSED, record.close().get().why());
    }
    if (isTimeOver()) {
      return fail(TIME_OVER);
    }
    if (deposit() <= 0) {
      return fail(
          "all of its deposit of %s is spent"
              .formatted(Coin.uact(plan.deposit() + record.toppedUp())));
    }
    Balances has = view.balances().orElseThrow();
    Coin deposit = Coin.uact(deposit());
    boolean enough = has.act().amount() >= deposit();
    boolean mayMint = plan.burn() > 0 && !record.isMinted();
    long akt = Plan.FEE_RESERVE + (enough ? 0 : plan.burn());
    if (!enough && !mayMint) {
      return fail(
          "the deposit of %s is more than the wallet's %s, and no AKT is to be burned for it"
              .formatted(deposit, has.act()));
    }
    if (has.akt().amount() < akt) {
      return fail(
          "%s are needed for fees%s and the wallet has %s"
              .formatted(Coin.uakt(akt), enough ? "" : " and to burn for ACT", has.akt()));
    }
    if (enough) {
      return enter(Phase.CREATING, "the wallet has the deposit of " + deposit);
    }
    MintTerms mint = view.mint().orElseThrow();
    return mint.allowed()
        ? enter(Phase.MINTING, "%s are burned for ACT".formatted(Coin.uakt(plan.burn())))
        : fail("the network mints no ACT at present (%s)".formatted(mint.status()));
  }

  private Action minting() {
    boolean burned = record.isMinted();
    if (record.close().isEmpty() && isTimeOver()) {
      return fail(TIME_OVER + (burned ? "; the ACT will be in the wallet" : ""));
    }
    if (record.close().isPresent()) {
      return enter(
          Phase.CLOSED,
          record.close().get().why() + (burned ? "; the ACT will be in the wallet" : ""));
    }
    if (!burned) {
      return trouble(Kind.MINT)
          .map(why -> fail("no ACT could be minted: " + why))
          .orElseGet(() -> new Action.Submit(new Order.MintAct(owner(), Coin.uakt(plan.burn()))));
    }
    Balances has = view.balances().orElseThrow();
    if (has.act().amount() >= deposit()) {
      return enter(Phase.CREATING, "the minted ACT is there");
    }
    return isLate(plan.patience().mint())
        ? fail(
            "%s were burned %d blocks ago and the wallet has only %s; what comes later stays in it"
                .formatted(Coin.uakt(plan.burn()), view.height() - record.phaseHeight(), has.act()))
        : new Action.Wait("for the minted ACT, paid out at the end of an epoch");
  }

  private Address owner() {
    return new Address(plan.owner());
  }

  private Action creating() {
    if (record.id().isEmpty()) {
      return write(new Step.Numbered(view.freeDseq()));
    }
    DeploymentId id = record.id().get();
    if (view.deployment().isPresent()) {
      boolean ours =
          record.isCreateSigned() && view.deployment().get().manifestHash().equals(manifest.hash());
      if (!ours && !record.isCreated()) {
        // Another client of the account has taken the number.
        return write(new Step.Numbered(view.freeDseq()));
      }
      return view.deployment().get().active()
          ? enter(Phase.BIDDING, "the deployment %d is open".formatted(id.dseq()))
          : enter(Phase.CLOSING, "the chain has closed it already");
    }
    if (record.isCreated()) {
      return new Action.Wait("for the node to show the deployment");
    }
    if (record.close().isPresent()) {
      return enter(Phase.CLOSED, record.close().get().why());
    }
    if (isTimeOver()) {
      return fail(TIME_OVER);
    }
    return trouble(Kind.CREATE)
        .map(why -> fail("the deployment could not be opened: " + why))
        .orElseGet(() ->
            new Action.Submit(
                new Order.CreateDeployment(
                    id,
                    manifest.groups(),
                    manifest.hash(),
                    Coin.uact(deposit()),
                    List.of(Source.SOURCE_BALANCE))));
  }

  // ---- while it is open

  /// Whatever the phase: it may not be wanted any more, or be gone, or its time may be over.
  private Optional<Action> endOfOpen() {
    if (record.close().isPresent()) {
      return Optional.of(enter(Phase.CLOSING, record.close().get().why()));
    }
    Optional<Action> gone =
        view.deployment()
            .filter(deployment -> !deployment.active())
            .map(deployment ->
                enter(
                    Phase.CLOSING,
                    deployment.overdrawn()
                        ? "its escrow is empty, so the chain closed it"
                        : "the chain has closed it"));
    return gone.or(() ->
        isTimeOver()
            ? Optional.of(write(new Step.CloseWanted(TIME_OVER, false, "")))
            : Optional.empty());
  }

  private Action giveUp(String why, String provider) {
    boolean again = record.round() < plan.patience().rounds() && plan.rules().provider().isEmpty();
    return write(new Step.CloseWanted(why, again, provider));
  }

  private Action bidding() {
    Optional<Action> end = endOfOpen();
    if (end.isPresent()) {
      return end.get();
    }
    List<String> explanations = new ArrayList<>();
    Optional<Step.Chosen> next = Optional.empty();
    boolean allFit = true;
    for (int gseq = 1; gseq <= manifest.groups().size(); gseq++) {
      if (!record.chosen().containsKey(gseq)) {
        BidChoice choice = choice(gseq);
        explanations.addAll(choice.explanations());
        allFit &= choice.bid().isPresent();
        int group = gseq;
        next = next.or(() -> choice.bid().map(bid -> chosen(group, bid, choice.explanations())));
      }
    }
    if (allFit && next.isEmpty()) {
      return enter(Phase.LEASING, "every group has a bid");
    }
    if (allFit && isLate(plan.patience().bids())) {
      return write(next.get());
    }
    if (isLate(plan.patience().bidsAtMost())) {
      return write(
          new Step.CloseWanted(
              explanations.isEmpty()
                  ? NOBODY_BID + " within %d blocks".formatted(plan.patience().bidsAtMost())
                  : NO_BID_FITS + ": " + String.join("; ", explanations),
              false,
              ""));
    }
    return new Action.Wait("for bids; so far " + view.bids().size());
  }

  private BidChoice choice(int gseq) {
    List<Bid> bids = view.bids().stream().filter(bid -> bid.id().gseq() == gseq).toList();
    return BidChoice.of(
        bids,
        view.providers(),
        plan.rules(),
        Ceilings.of(manifest.groups().get(gseq - 1), plan.rules()),
        record.avoided());
  }

  private static Step.Chosen chosen(int gseq, Bid bid, List<String> explanations) {
    return new Step.Chosen(
        gseq,
        bid.id().oseq(),
        bid.id().bseq(),
        bid.id().provider().text(),
        bid.price().amount().toPlainString(),
        explanations);
  }

  private Action leasing() {
    Optional<Action> end = endOfOpen();
    if (end.isPresent()) {
      return end.get();
    }
    for (int gseq = 1; gseq <= manifest.groups().size(); gseq++) {
      Step.Chosen one = record.chosen().get(gseq);
      if (one == null) {
        return enter(Phase.BIDDING, "a bid could not be accepted, the next one is sought");
      }
      if (!record.isLeased(gseq)) {
        return lease(one);
      }
    }
    return enter(Phase.SENDING_MANIFEST, "every group has a lease");
  }

  private Action lease(Step.Chosen one) {
    if (view.leases().stream().anyMatch(lease -> isOf(lease, one) && lease.isActive())) {
      return write(new Step.Leased(one.gseq()));
    }
    if (record.isDelivered(Kind.LEASE)) {
      return endOfLease().orElse(new Action.Wait("for the node to show the lease"));
    }
    return trouble(Kind.LEASE)
        .map(why ->
            write(
                new Step.Avoided(
                    one.gseq(), one.provider(), "its bid could not be accepted: " + why)))
        .orElseGet(() -> new Action.Submit(new Order.CreateLease(record.bid(one))));
  }

  private boolean isOf(Lease lease, Step.Chosen one) {
    return lease.id().equals(record.bid(one));
  }

  /// A lease that ended, if one did.
  private Optional<Action> endOfLease() {
    for (Step.Chosen one : record.chosen().values()) {
      for (Lease lease : view.leases()) {
        if (isOf(lease, one) && !lease.isActive()) {
          return Optional.of(
              giveUp(
                  "the lease of %s ended (%s)".formatted(one.provider(), lease.state()),
                  one.provider()));
        }
      }
    }
    return Optional.empty();
  }

  private Action starting() {
    Optional<Action> end = endOfOpen().or(this::endOfLease);
    if (end.isPresent()) {
      return end.get();
    }
    for (Step.Chosen one : record.chosen().values()) {
      if (!record.hasManifest(one.gseq())) {
        return sendManifest(one);
      }
    }
    List<String> uris = new ArrayList<>();
    for (Step.Chosen one : record.chosen().values()) {
      LeaseStatus status = view.health().get(one.gseq());
      if (status == null && !isSilentFor(plan.patience().silence())) {
        return new Action.Wait("for an answer of " + one.provider());
      }
      if (status == null || !status.isReady(manifest.replicas(one.gseq()))) {
        return isLate(plan.patience().ready())
            ? giveUp(
                "%s did not start everything within %d blocks"
                    .formatted(one.provider(), plan.patience().ready()),
                one.provider())
            : new Action.Wait("for " + one.provider() + " to start everything");
      }
      uris.addAll(status.uris());
    }
    return write(new Step.Ready(view.height(), uris));
  }

  /// Whether a provider has not answered for so many blocks. One look says nothing, least of all
  /// the first after a long absence of ours.
  private boolean isSilentFor(int blocks) {
    return view.silentSince().filter(since -> view.height() > since + blocks).isPresent();
  }

  private Action sendManifest(Step.Chosen one) {
    ManifestAnswer answer = view.manifests().get(one.gseq());
    return switch (answer) {
      case null -> new Action.SendManifest(one.gseq(), record.bid(one));
      case ManifestAnswer.Taken() -> write(new Step.ManifestTaken(one.gseq()));
      case ManifestAnswer.Refused(String why) ->
          giveUp("the manifest was refused: " + why, one.provider());
      case ManifestAnswer.NotYet(String why) ->
          isLate(plan.patience().manifest())
              ? giveUp("the manifest was not taken: " + why, one.provider())
              : new Action.SendManifest(one.gseq(), record.bid(one));
    };
  }

  private Action running() {
    Optional<Action> end = endOfOpen().or(this::endOfLease);
    if (end.isPresent()) {
      return end.get();
    }
    if (record.amendment().isPresent()) {
      return AmendmentDecision.next(record, record.amendment().get(), view);
    }
    if (view.silentSince().isPresent()) {
      String silent =
          record.chosen().values().stream()
              .filter(one -> !view.health().containsKey(one.gseq()))
              .map(Step.Chosen::provider)
              .findFirst()
              .orElse("");
      return isSilentFor(plan.patience().silence())
          ? giveUp(silent + " has stopped answering", silent)
          : new Action.Wait("for an answer of " + silent);
    }
    return new Action.Rest("everything runs");
  }

  // ---- the end

  private Action closing() {
    if (view.deployment().isEmpty()) {
      return record.isCreated() ? new Action.Wait("for the node to show the deployment") : over();
    }
    DeploymentState deployment = view.deployment().get();
    if (!deployment.active()) {
      return record.isSettled()
          ? over()
          : write(
              new Step.Settled(
                  deployment.id().dseq(),
                  deployment.transferred().setScale(0, RoundingMode.CEILING).longValueExact()));
    }
    if (record.isDelivered(Kind.CLOSE)) {
      return new Action.Wait("for the node to show that it is closed");
    }
    return trouble(Kind.CLOSE)
        .<Action>map(why ->
            new Action.Rest(
                "the deployment %d is still open and could not be closed: %s"
                    .formatted(deployment.id().dseq(), why)))
        .orElseGet(() -> new Action.Submit(new Order.CloseDeployment(deployment.id())));
  }

  private Action over() {
    boolean again = record.close().map(Step.CloseWanted::again).orElse(false);
    if (again) {
      return enter(Phase.PLANNED, "another round: " + record.why());
    }
    return enter(record.ran() || !isFailure() ? Phase.CLOSED : Phase.FAILED, record.why());
  }

  /// Closed without ever having run, and not because its owner said so.
  private boolean isFailure() {
    return record.close().map(close -> !close.why().equals(OWNERS_WISH)).orElse(true);
  }
}
