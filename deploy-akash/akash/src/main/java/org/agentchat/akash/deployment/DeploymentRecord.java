package org.agentchat.akash.deployment;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.agentchat.akash.tx.BidId;
import org.agentchat.akash.tx.DeploymentId;
import org.agentchat.akash.wallet.Address;
import org.jspecify.annotations.Nullable;

/// What is known of a deployment: the fold of its steps. [#apply] is the only mutator; not
/// thread-safe.
public final class DeploymentRecord {
  private final Plan plan;
  private Phase phase = Phase.PLANNED;
  private long phaseHeight;
  private String why = "planned";
  private int round = 1;
  private long dseq;
  private final SortedSet<Long> numbers = new TreeSet<>();
  private String sdl;
  private boolean minted;
  private boolean createSigned;
  private boolean created;
  private Step.@Nullable Signed pending;
  private final SortedMap<Integer, Step.Chosen> chosen = new TreeMap<>();
  private final SortedSet<Integer> leased = new TreeSet<>();
  private final SortedSet<Integer> manifests = new TreeSet<>();
  private final SortedMap<String, String> avoided = new TreeMap<>();
  private Step.@Nullable CloseWanted close;
  private @Nullable Amendment amendment;
  private Amendment.@Nullable Outcome lastChange;
  private long toppedUp;
  private boolean settled;
  private boolean ran;
  private List<String> uris = List.of();
  private Money money = Money.NOTHING;
  private @Nullable Kind delivered;
  private @Nullable String trouble;
  private int drops;
  private int gasShortages;

  private DeploymentRecord(Plan plan) {
    this.plan = plan;
    this.sdl = plan.sdl();
  }

  /// A record of these steps.
  ///
  /// @throws IllegalArgumentException if the first is no plan, or one does not follow from those
  ///   before
  public static DeploymentRecord of(List<Step> steps) {
    if (steps.isEmpty() || !(steps.getFirst() instanceof Step.Planned(Plan plan))) {
      throw new IllegalArgumentException("a deployment begins with its plan");
    }
    DeploymentRecord record = new DeploymentRecord(plan);
    steps.subList(1, steps.size()).forEach(record::apply);
    return record;
  }

  void apply(Step step) {
    switch (step) {
      case Step.Planned _ -> throw new IllegalArgumentException("a deployment has one plan");
      case Step.Numbered(long number) -> number(number);
      case Step.Entered entered -> enter(entered);
      case Step.Signed signed -> sign(signed);
      case Step.Delivered delivered -> deliver(delivered);
      case Step.Undone undone -> undo(undone);
      case Step.Dropped dropped -> drop(dropped);
      case Step.Chosen one -> chosen.put(one.gseq(), one);
      case Step.Leased(int gseq) -> lease(gseq);
      case Step.Avoided(int gseq, String provider, String because) ->
          avoid(gseq, provider, because);
      case Step.ManifestTaken(int gseq) -> manifests.add(gseq);
      case Step.Ready ready -> ready(ready);
      case Step.CloseWanted wanted -> close(wanted);
      case Step.TopUpWanted(long deposit, long burn) ->
          amend(new Amendment.TopUp(deposit, burn, 0));
      case Step.UpdateWanted(String wanted) -> amend(new Amendment.Update(wanted, 0, 0));
      case Step.Announced(long height) -> announce(height);
      case Step.HandedOver(long height) -> amendment = update().handedOver(height);
      case Step.AmendmentFailed(String because) -> endAmendment(false, because);
      case Step.Settled(long _, long paid) -> settle(paid);
    }
  }

  private void number(long number) {
    if (createSigned && created) {
      throw new IllegalArgumentException("a deployment that is open keeps its number");
    }
    dseq = number;
    numbers.add(number);
    createSigned = false;
    forgetTrouble();
  }

  private void enter(Step.Entered entered) {
    phase = entered.phase();
    phaseHeight = entered.height();
    why = entered.why();
    forgetTrouble();
    if (amendment != null) {
      endAmendment(false, entered.why());
    }
    if (phase == Phase.PLANNED) {
      nextRound();
    }
  }

  private void nextRound() {
    round++;
    dseq = 0;
    createSigned = false;
    created = false;
    chosen.clear();
    leased.clear();
    manifests.clear();
    close = null;
    settled = false;
    uris = List.of();
  }

  private void forgetTrouble() {
    delivered = null;
    trouble = null;
    drops = 0;
    gasShortages = 0;
  }

  private void sign(Step.Signed signed) {
    if (pending != null) {
      throw new IllegalArgumentException("a transaction is signed while another is pending");
    }
    pending = signed;
    trouble = null;
    createSigned |= signed.kind() == Kind.CREATE;
    money = money.pending(signed);
  }

  private Step.Signed settle(String hash) {
    Step.@Nullable Signed signed = pending;
    if (signed == null || !signed.hash().equals(hash)) {
      throw new IllegalArgumentException("no transaction " + hash + " is pending");
    }
    pending = null;
    return signed;
  }

  private void deliver(Step.Delivered done) {
    Step.Signed signed = settle(done.hash());
    money = money.delivered(signed);
    forgetTrouble();
    delivered = signed.kind();
    switch (signed.kind()) {
      case MINT -> mint(done.height());
      case CREATE -> created = true;
      case TOP_UP -> {
        toppedUp += signed.deposited();
        endAmendment(true, "in block " + done.height());
      }
      case UPDATE -> announce(done.height());
      case LEASE, CLOSE -> {
        // The chain shows what came of them.
      }
    }
  }

  private void mint(long height) {
    if (amendment instanceof Amendment.TopUp topUp) {
      amendment = topUp.burned(height);
    } else {
      minted = true;
    }
  }

  private void amend(Amendment wanted) {
    if (phase != Phase.RUNNING || amendment != null || pending != null) {
      throw new IllegalArgumentException(
          "only what runs is changed, and one change comes after the other");
    }
    amendment = wanted;
    forgetTrouble();
  }

  private Amendment.Update update() {
    if (amendment instanceof Amendment.Update update) {
      return update;
    }
    throw new IllegalArgumentException("no update is under way");
  }

  private void announce(long height) {
    Amendment.Update update = update();
    amendment = update.announced(height);
    sdl = update.sdl();
    manifests.clear();
  }

  private void endAmendment(boolean done, String because) {
    if (amendment == null) {
      throw new IllegalArgumentException("no change is under way");
    }
    if (!done && phase == Phase.RUNNING && amendment instanceof Amendment.Update update) {
      why = update.isHandedOver() ? "the last update did not start: " + because : why;
    }
    lastChange = new Amendment.Outcome(amendment.words(), done, because);
    amendment = null;
    forgetTrouble();
  }

  private void undo(Step.Undone undone) {
    money = money.undone(settle(undone.hash()));
    if (undone.outOfGas()) {
      gasShortages++;
    } else {
      trouble = undone.why();
    }
  }

  private void drop(Step.Dropped dropped) {
    settle(dropped.hash());
    money = money.dropped();
    drops++;
    if (dropped.hopeless()) {
      trouble = dropped.why();
    }
  }

  private void lease(int gseq) {
    leased.add(gseq);
    delivered = null;
  }

  private void avoid(int gseq, String provider, String because) {
    avoided.put(provider, because);
    chosen.remove(gseq);
    forgetTrouble();
  }

  private void ready(Step.Ready ready) {
    phase = Phase.RUNNING;
    phaseHeight = ready.height();
    why = "everything runs";
    uris = ready.uris();
    ran = true;
    if (amendment != null) {
      endAmendment(true, "it runs with the new manifest");
    }
  }

  private void close(Step.CloseWanted wanted) {
    close = wanted;
    if (!wanted.avoid().isEmpty()) {
      avoided.put(wanted.avoid(), wanted.why());
    }
  }

  private void settle(long paid) {
    money = money.settled(paid);
    settled = true;
  }

  public Plan plan() {
    return plan;
  }

  /// The SDL that counts: the plan's, or that of the last update that the chain has.
  public String sdl() {
    return sdl;
  }

  public Phase phase() {
    return phase;
  }

  /// The height at which the phase began.
  public long phaseHeight() {
    return phaseHeight;
  }

  /// Why it is in its phase.
  public String why() {
    return why;
  }

  /// From 1.
  public int round() {
    return round;
  }

  /// Empty before this round has a number.
  public Optional<DeploymentId> id() {
    return dseq == 0
        ? Optional.empty()
        : Optional.of(new DeploymentId(new Address(plan.owner()), dseq));
  }

  /// The numbers of all rounds.
  public SortedSet<Long> numbers() {
    return new TreeSet<>(numbers);
  }

  /// What a next round puts into escrow, in uact: what the plan and later top-ups allow, without
  /// what earlier rounds have paid. Not above 0 when all is spent.
  public long nextDeposit() {
    return plan.deposit() + toppedUp() - money.paid();
  }

  /// Whether the AKT that the plan allows was burned for the deposit.
  boolean isMinted() {
    return minted;
  }

  /// Whether a transaction that opens this number was ever signed.
  boolean isCreateSigned() {
    return createSigned;
  }

  /// Whether the chain opened this number.
  boolean isCreated() {
    return created;
  }

  /// The transaction whose fate is unknown.
  public Optional<Step.Signed> pending() {
    return Optional.ofNullable(pending);
  }

  /// By group.
  public SortedMap<Integer, Step.Chosen> chosen() {
    return new TreeMap<>(chosen);
  }

  boolean isLeased(int gseq) {
    return leased.contains(gseq);
  }

  boolean hasManifest(int gseq) {
    return manifests.contains(gseq);
  }

  /// Providers that are not asked again, and why.
  public SortedMap<String, String> avoided() {
    return new TreeMap<>(avoided);
  }

  /// Set once it is not wanted any more.
  public Optional<Step.CloseWanted> close() {
    return Optional.ofNullable(close);
  }

  /// The change that is under way.
  public Optional<Amendment> amendment() {
    return Optional.ofNullable(amendment);
  }

  /// What became of the last change that is not under way any more.
  public Optional<Amendment.Outcome> lastChange() {
    return Optional.ofNullable(lastChange);
  }

  /// What was added to deposits by top-ups, in uact, in all rounds.
  public long toppedUp() {
    return toppedUp;
  }

  /// Whether it is over because nobody bid, or no bid fitted the terms.
  public boolean foundNoBid() {
    return phase.isOver()
        && close != null
        && (close.why().startsWith(Decision.NOBODY_BID)
            || close.why().startsWith(Decision.NO_BID_FITS));
  }

  boolean isSettled() {
    return settled;
  }

  /// Whether it ever ran.
  public boolean ran() {
    return ran;
  }

  public List<String> uris() {
    return uris;
  }

  public Money money() {
    return money;
  }

  /// Whether the last transaction of this phase was of that kind and is done, so that a node that
  /// does not show it is only behind.
  boolean isDelivered(Kind kind) {
    return delivered == kind;
  }

  /// Why the phase's last transaction cannot be repeated.
  Optional<String> trouble() {
    return Optional.ofNullable(trouble);
  }

  /// How many transactions of this phase never arrived.
  int drops() {
    return drops;
  }

  /// How many had too little gas.
  int gasShortages() {
    return gasShortages;
  }

  /// The bid that was chosen for a group, as the chain names it.
  ///
  /// @throws IllegalStateException if this round has no number
  BidId bid(Step.Chosen one) {
    DeploymentId id = id().orElseThrow(() -> new IllegalStateException("a bid on no deployment"));
    return new BidId(id, one.gseq(), one.oseq(), new Address(one.provider()), one.bseq());
  }

  /// The leases of this round.
  public List<BidId> leases() {
    return chosen.values().stream().filter(one -> isLeased(one.gseq())).map(this::bid).toList();
  }

  /// What a block costs now, in uact.
  public BigDecimal price() {
    return chosen.values().stream()
        .map(one -> new BigDecimal(one.price()))
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }
}
