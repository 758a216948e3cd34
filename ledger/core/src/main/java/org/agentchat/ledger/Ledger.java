package org.agentchat.ledger;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.agentchat.schemas.event.DisputeId;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.event.LeafHash;
import org.agentchat.schemas.event.ProposalId;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.rating.RatingLeaf;
import org.agentchat.schemas.statement.CourtStatement;
import org.agentchat.schemas.statement.DeploymentStatement;
import org.agentchat.schemas.statement.EscrowStatement;
import org.agentchat.schemas.statement.KeyStatement;
import org.agentchat.schemas.statement.RegisterSkills;
import org.agentchat.schemas.statement.Scheme;
import org.agentchat.schemas.statement.SignedStatement;
import org.agentchat.schemas.statement.Statement;
import org.jspecify.annotations.Nullable;

/// The fold over the log. The same entries give the same state and the same effects, on any
/// machine: nothing here reads a clock, a random source or the order of a hash table.
///
/// [#check] says whether a statement would apply; [#apply] is the only mutator. One thread at a
/// time.
public final class Ledger {
  /// How far one event may be ahead of the log's clock, in milliseconds: 32 days, longer than any
  /// deadline is away but an escrow's, on the way to which relays tick. A relay whose clock is
  /// years ahead would end the log otherwise.
  public static final long MAX_ADVANCE = 32L * 24 * 60 * 60 * 1000;

  private final MerkleFrontier tree = new MerkleFrontier();
  private final Undo undo = new Undo();
  private final Accounts accounts = new Accounts(undo);
  private final Pairs pairs = new Pairs(undo);
  private final Proposals proposals = new Proposals(accounts, undo);
  private final Docket docket = new Docket(undo);
  private final Nonces nonces = new Nonces();
  private final CourtAdmission courtAdmission = new CourtAdmission(accounts, proposals, docket);
  private final Court court = new Court(accounts, pairs, proposals, docket);
  private final EscrowDesk escrows = new EscrowDesk(accounts, proposals);
  private final Deployments deployments = new Deployments();
  private final DeploymentDesk machines = new DeploymentDesk(accounts, proposals, deployments);
  private final Admission admission =
      new Admission(accounts, proposals, nonces, courtAdmission, machines);
  private final Ratings ratings = new Ratings(accounts);
  private @Nullable String origin;
  private long clock;

  /// How many entries were applied: the index of the next one.
  public long size() {
    return tree.size();
  }

  /// The log's clock: the latest time that any event carried, milliseconds since 1970.
  public long clock() {
    return clock;
  }

  /// The log's name, once it has one.
  public Optional<String> origin() {
    return Optional.ofNullable(origin);
  }

  /// The root hash of the entries (RFC 6962 section 2.1), 64 hexadecimal digits.
  public String rootHash() {
    return HexFormat.of().formatHex(tree.root());
  }

  /// What is known of an agent, by the name of any key that it has or had.
  public Optional<Account> account(AgentId id) {
    return accounts.find(id);
  }

  /// Every known agent, by the short name of its first key.
  public List<Account> accounts() {
    return accounts.all();
  }

  /// How many agents are known.
  public int accountCount() {
    return accounts.count();
  }

  /// Agents with at least one finished deal, best first; equals by short name.
  public Stream<Account> leaderboard() {
    return accounts.all().stream()
        .filter(account -> account.transactions() > 0)
        .sorted(Comparator.comparingInt(Account::rating).reversed().thenComparing(Account::id));
  }

  /// What the rating map holds for an agent now, by the name of any key that it has or had.
  public Optional<RatingLeaf> ratingLeaf(AgentId id) {
    return ratings.leaf(accounts.owner(id));
  }

  /// The root of the rating map after the first so many entries, 64 hexadecimal digits; of the last
  /// 1,024 sizes only, as a commitment to others would be refused. Hashes what has changed since a
  /// root was last asked for.
  public Optional<String> ratingsRoot(long size) {
    return ratings.root(size);
  }

  /// The ratings that a ledger has committed to last: its certificates are made of them. Kept for
  /// the eight ledgers that spoke last.
  ///
  /// @param ledger whose key signed the commitment
  public Optional<CommittedRatings> committedRatings(AgentKey ledger) {
    return ratings.committed(ledger);
  }

  /// The name of the account's first key, by that of any key that it has or had. A name that the
  /// log has not named is its own.
  public AgentId owner(AgentId id) {
    return accounts.owner(id);
  }

  /// A proposal that is open or ended within the last day of log time.
  public Optional<Proposal> proposal(String id) {
    return proposals.find(id);
  }

  /// Every proposal that is open or ended within the last day of log time, oldest first.
  public Collection<Proposal> proposals() {
    return proposals.all();
  }

  /// A case that is open or was closed within the last day of log time.
  public Optional<Dispute> dispute(String id) {
    return docket.find(id);
  }

  /// Every case that is open or was closed within the last day of log time, oldest first.
  public Collection<Dispute> disputes() {
    return docket.all();
  }

  /// The machines of a deal, until a day after their end or, for machines that run, after the time
  /// when they were to end.
  ///
  /// @param deployer any name of the account that rents them
  public Optional<Deployment> deployment(AgentId deployer, String proposalId) {
    return deployments.find(accounts.owner(deployer), proposalId, clock);
  }

  /// Those of the agents who could judge the deal if a case were filed now, in the order in which
  /// they are given and by the first names of their accounts.
  public List<AgentId> eligibleArbiters(List<AgentId> agents, Proposal deal) {
    return court.eligible(agents, deal, clock);
  }

  /// When time alone changes something next: a [Event.Tick] is wanted then.
  public OptionalLong nextDeadline() {
    long next = earliestDeadline();
    return next == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(next);
  }

  private long earliestDeadline() {
    return Math.min(proposals.nextDeadline(), docket.nextDeadline());
  }

  /// A hash over the whole state, 64 hexadecimal digits: equal if and only if everything that can
  /// still matter is equal, the log's bytes included. Takes time in proportion to the state.
  public String stateHash() {
    StateDigest digest = new StateDigest();
    digest.add("agentchat-state/5").add(size()).add(tree.root()).add(clock);
    digest.add(origin == null ? "" : origin);
    for (Account account : accounts.all()) {
      account.digest(digest);
    }
    digest.add("pairs");
    for (Map.Entry<Pairs.Pair, Pairs.History> pair : pairs.all()) {
      digest.add(pair.getKey().low().name()).add(pair.getKey().high().name());
      digest.add(pair.getValue().completions()).add(pair.getValue().lastAt());
      digest.add(pair.getValue().disputes()).add(pair.getValue().disputedAt());
      digest.add(pair.getValue().dealtAt());
    }
    digest.add("proposals");
    for (Proposal proposal : proposals.all()) {
      digest.add(proposal.id()).add(proposal.status().word()).add(proposal.expiresAt());
      digest.add(proposal.proposerStake()).add(proposal.acceptorStake());
      digest.add(proposal.escrowed() ? 1 : 0).add(proposal.changedAt());
      proposal.legs().forEach(leg -> digest.add(leg.index()).add(leg.hash().raw()));
      digest.add(proposal.filings().size());
      proposal.filings().forEach(filing -> digest.add(filing.by().name()).add(filing.commitment()));
      Escrow escrow = proposal.escrow();
      digest.add(escrow == null ? 0 : 1);
      if (escrow != null) {
        escrow.digest(digest);
      }
    }
    docket.digest(digest);
    deployments.digest(digest);
    digest.add("nonces");
    nonces.digest(digest);
    ratings.digest(digest);
    return HexFormat.of().formatHex(digest.result());
  }

  /// Whether the statement would apply if it were the next event, as far as can be said before its
  /// turn comes: empty, or why not. Its signature is the caller's to verify. Changes nothing.
  public Optional<Refusal> check(Event.Stated event) {
    Optional<Refusal> ahead = tooFarAhead(event);
    if (ahead.isPresent()) {
      return ahead;
    }
    long now = Math.max(clock, event.at());
    return docket.nextDeadline() > now
        ? admission.check(event, origin, now)
        : undo.around(() -> checkLater(event, now));
  }

  /// A case whose time is up may change ratings, stakes and seats before the statement's turn: lets
  /// what is due happen, asks, and has it taken back.
  private Optional<Refusal> checkLater(Event.Stated event, long now) {
    long before = clock;
    clock = now;
    undo.note(() -> clock = before);
    letDueHappen(new ArrayList<>());
    return admission.check(event, origin, now);
  }

  /// Applies the next entry.
  ///
  /// @throws IllegalArgumentException if the entry is not the next one
  public Applied apply(Entry entry) {
    if (entry.index() != size()) {
      throw new IllegalArgumentException(
          "entry " + entry.index() + " given, entry " + size() + " wanted");
    }
    tree.append(entry.hash());
    List<Effect> effects = new ArrayList<>();
    switch (entry.content()) {
      case Entry.Content.Sound(Event event) ->
          tooFarAhead(event)
              .ifPresentOrElse(
                  refusal -> effects.add(new Effect.Refused(refusal)),
                  () -> {
                    advance(event.at(), effects);
                    apply(entry, event, effects);
                  });
      case Entry.Content.Forged _ ->
          refuse(effects, Refusal.Code.BAD_SIGNATURE, "the signature does not verify");
      case Entry.Content.Malformed(String why) -> refuse(effects, Refusal.Code.MALFORMED, why);
    }
    List<AgentId> named = Named.by(effects, accounts);
    ratings.add(entry, named);
    return new Applied(entry, clock, effects, named);
  }

  private void apply(Entry entry, Event event, List<Effect> effects) {
    switch (event) {
      case Event.Genesis genesis -> name(genesis, effects);
      case Event.Tick _ -> {}
      case Event.PanelNonce revealed ->
          courtAdmission
              .checkNonce(revealed)
              .ifPresentOrElse(
                  refusal -> effects.add(new Effect.Refused(refusal)),
                  () -> court.draw(revealed, clock, effects));
      case Event.RatingsCommitted commitment ->
          checkOrigin(commitment)
              .or(() -> ratings.check(commitment))
              .ifPresentOrElse(
                  refusal -> effects.add(new Effect.Refused(refusal)),
                  () -> commit(entry, commitment, effects));
      case Event.Stated stated ->
          admission
              .check(stated, origin, clock)
              .or(() -> repeated(entry, stated.signed().statement()))
              .ifPresentOrElse(
                  refusal -> effects.add(new Effect.Refused(refusal)),
                  () -> state(entry, stated, effects));
    }
  }

  private Optional<Refusal> checkOrigin(Event.RatingsCommitted commitment) {
    if (origin == null) {
      return Optional.of(new Refusal(Refusal.Code.NO_GENESIS, "the log has no name yet"));
    }
    return commitment.origin().equals(origin)
        ? Optional.empty()
        : Optional.of(
            new Refusal(
                Refusal.Code.WRONG_ORIGIN,
                "signed for " + commitment.origin() + ", this log is " + origin));
  }

  private void commit(Entry entry, Event.RatingsCommitted commitment, List<Effect> effects) {
    ratings.commit(entry.index(), commitment);
    effects.add(new Effect.RatingsCommitted(commitment.size(), commitment.root()));
  }

  private void name(Event.Genesis genesis, List<Effect> effects) {
    if (origin != null) {
      refuse(effects, Refusal.Code.GENESIS_REPEATED, "the log is called " + origin);
      return;
    }
    origin = genesis.origin();
    effects.add(new Effect.LogNamed(origin));
  }

  /// An event of a clock that cannot be right. The first event may have any time.
  private Optional<Refusal> tooFarAhead(Event event) {
    return clock == 0 || event.at() - clock <= MAX_ADVANCE
        ? Optional.empty()
        : Optional.of(
            new Refusal(
                Refusal.Code.TIME_JUMP,
                "recorded at " + event.at() + ", more than 32 days ahead of the log's " + clock));
  }

  /// Moves the clock, lets what is due happen, and forgets what is over.
  private void advance(long at, List<Effect> effects) {
    clock = Math.max(clock, at);
    letDueHappen(effects);
    proposals.forget(clock);
    docket.forget(clock);
    nonces.forget(clock);
  }

  /// Earliest first; at the same time, proposals before cases. What a deadline lets begin lasts
  /// from now on, not from the deadline: nobody could act before somebody said that it has passed.
  private void letDueHappen(List<Effect> effects) {
    while (earliestDeadline() <= clock) {
      if (proposals.nextDeadline() <= docket.nextDeadline()) {
        expire(proposals.nextDue(clock).orElseThrow(), effects);
      } else {
        Dispute due = docket.nextDue(clock).orElseThrow();
        court.expire(due, size() - 1, clock, requireOrigin(), effects);
      }
    }
  }

  private void expire(Proposal proposal, List<Effect> effects) {
    if (proposal.escrowed()) {
      freeStakes(proposal);
      effects.add(new Effect.StakeSettled(proposal, null, 0));
      proposals.put(proposal.released());
    } else {
      Proposal expired = proposal.expired(clock);
      proposals.put(expired);
      effects.add(new Effect.ProposalExpired(expired));
    }
  }

  /// Two events with the same bytes would be one proposal twice, or one case. Whoever copies them
  /// once it is forgotten copies their time too, which by then is too old.
  private Optional<Refusal> repeated(Entry entry, Statement statement) {
    return switch (statement) {
      case Statement.Proposal _ ->
          proposals.find(ProposalId.of(entry.hash())).map(Ledger::openedBefore);
      case CourtStatement.DisputeIntent _ ->
          docket.find(DisputeId.of(entry.hash())).map(Ledger::filedBefore);
      case Statement.Accept _,
          Statement.Reject _,
          Statement.Complete _,
          Statement.Dispute _,
          RegisterSkills _,
          CourtStatement _,
          KeyStatement _,
          EscrowStatement _,
          DeploymentStatement _ ->
          Optional.empty();
    };
  }

  private static Refusal openedBefore(Proposal first) {
    return new Refusal(
        Refusal.Code.REPEATED,
        "already recorded at index " + first.openedIndex(),
        first.openedIndex());
  }

  private static Refusal filedBefore(Dispute first) {
    return new Refusal(
        Refusal.Code.REPEATED,
        "already recorded at index " + first.filedIndex(),
        first.filedIndex());
  }

  private void state(Entry entry, Event.Stated event, List<Effect> effects) {
    SignedStatement signed = event.signed();
    if (signed.scheme() instanceof Scheme.Bound bound) {
      nonces.add(signed.key(), bound.nonce(), bound.ts(), entry.index());
    }
    know(signed.key(), entry.index(), effects);
    Proposal.Leg leg = new Proposal.Leg(entry.index(), entry.hash(), event);
    switch (signed.statement()) {
      case Statement.Proposal terms -> open(entry.hash(), leg, terms, effects);
      case Statement.Accept accept -> accept(leg, accept, effects);
      case Statement.Reject reject -> {
        Proposal proposal = proposals.find(reject.proposalId()).orElseThrow();
        Proposal rejected = proposal.ended(Proposal.Status.REJECTED, leg, clock);
        proposals.put(rejected);
        effects.add(new Effect.ProposalRejected(rejected));
      }
      case Statement.Complete complete -> settle(leg, complete.proposalId(), effects);
      case Statement.Dispute dispute -> settle(leg, dispute.proposalId(), effects);
      case RegisterSkills skills -> register(leg, skills, effects);
      case KeyStatement keyStatement -> change(signed.key(), keyStatement, entry.index(), effects);
      case CourtStatement said -> court.hear(leg, said, clock, requireOrigin(), effects);
      case EscrowStatement said -> escrows.hear(leg, said, clock, effects);
      case DeploymentStatement said -> machines.hear(leg, said, clock, effects);
    }
  }

  private void register(Proposal.Leg leg, RegisterSkills skills, List<Effect> effects) {
    AgentId agent = leg.event().signed().key().id();
    Account.Registration registration = new Account.Registration(skills, clock, leg.index());
    accounts.put(accounts.get(agent).registering(registration));
    effects.add(new Effect.SkillsRegistered(agent, registration));
  }

  private void change(AgentKey key, KeyStatement statement, long index, List<Effect> effects) {
    Account account = accounts.get(key.id());
    switch (statement) {
      case KeyStatement.RotateKey rotation -> {
        accounts.put(account.rotated(rotation.newKey(), index));
        effects.add(new Effect.KeyRotated(key, rotation.newKey()));
      }
      case KeyStatement.RevokeKey revocation -> {
        accounts.put(account.revoked(index));
        effects.add(new Effect.KeyRevoked(key, revocation.reason()));
      }
    }
  }

  private void know(AgentKey key, long index, List<Effect> effects) {
    if (accounts.open(key, index, clock)) {
      effects.add(new Effect.AgentKnown(key));
    }
  }

  private void open(
      LeafHash hash, Proposal.Leg leg, Statement.Proposal terms, List<Effect> effects) {
    AgentKey recipient = leg.event().recipient();
    if (recipient != null) {
      know(recipient, leg.index(), effects);
    }
    Proposal proposal = Proposal.opened(ProposalId.of(hash), leg, terms, clock);
    proposals.put(proposal);
    effects.add(new Effect.ProposalOpened(proposal));
  }

  private void accept(Proposal.Leg leg, Statement.Accept accept, List<Effect> effects) {
    Proposal pending = proposals.find(accept.proposalId()).orElseThrow();
    Escrow escrow = escrows.agree(pending, leg, clock).orElse(null);
    Proposal accepted = pending.accepted(leg, accept.stake(), escrow, clock);
    proposals.put(accepted);
    pairs.deal(accounts.owner(accepted.from()), accounts.owner(accepted.to()), clock);
    effects.add(new Effect.ProposalAccepted(accepted));
    if (accepted.escrowed()) {
      accounts.put(accounts.get(accepted.from()).withStake(accepted.proposerStake()));
      accounts.put(accounts.get(accepted.to()).withStake(accepted.acceptorStake()));
      effects.add(new Effect.StakeEscrowed(accepted));
    }
  }

  /// Ends an accepted deal: status, stakes, ratings and receipt in one step.
  private void settle(Proposal.Leg leg, String id, List<Effect> effects) {
    Proposal accepted = proposals.find(id).orElseThrow();
    AgentId by = leg.event().signed().key().id();
    boolean disputed = leg.event().signed().statement() instanceof Statement.Dispute;
    AgentId one = accounts.owner(accepted.from());
    AgentId other = accounts.owner(accepted.to());
    boolean cooldown =
        disputed
            ? pairs.coolingDownFromDispute(one, other, clock)
            : pairs.coolingDown(one, other, clock);
    Settlement settlement = settlement(accepted, by, disputed, cooldown);
    Proposal.Status end = disputed ? Proposal.Status.DISPUTED : Proposal.Status.COMPLETED;
    Proposal ended = accepted.ended(end, leg, clock);
    proposals.put(ended);
    if (cooldown) {
      pairs.deal(one, other, clock);
    }
    if (accepted.escrowed()) {
      freeStakes(accepted);
    }
    String capability = cooldown ? null : accepted.terms().capability();
    List<Effect.RatingChanged> ratings =
        cooldown
            ? settlement.pointsMoved(accounts)
            : settlement.ratingsChanged(accounts, capability);
    for (Settlement.Change change : settlement.changes()) {
      accounts.put(moved(change, cooldown, capability));
    }

    effects.add(
        disputed
            ? new Effect.ProposalDisputed(ended, by, settlement.wire())
            : new Effect.ProposalCompleted(ended, by, settlement.wire()));
    if (accepted.escrowed()) {
      effects.add(settlement.stakeSettled(ended));
    }
    effects.addAll(ratings);
    String log = requireOrigin();
    effects.add(new Effect.ReceiptIssued(() -> Receipts.of(ended, settlement, cooldown, log)));
  }

  private Settlement settlement(Proposal accepted, AgentId by, boolean disputed, boolean cooldown) {
    Account from = accounts.get(accepted.from());
    Account to = accounts.get(accepted.to());
    if (disputed) {
      return cooldown
          ? Settlement.disputedAgain(accepted, from, to, by)
          : Settlement.disputed(
              accepted, from, to, by, pairs.dispute(from.first(), to.first(), clock));
    }
    return cooldown
        ? Settlement.coolingDown(accepted, from, to)
        : Settlement.completed(accepted, from, to, pairs.complete(from.first(), to.first(), clock));
  }

  private Account moved(Settlement.Change change, boolean cooldown, @Nullable String capability) {
    Account account = accounts.get(change.agent());
    if (cooldown) {
      return change.points() == 0 ? account : account.moved(change.points(), clock);
    }
    Account changed = account.changed(change.points(), clock);
    return capability == null || !account.takesSkill(capability)
        ? changed
        : changed.withSkill(capability, change.points(), clock);
  }

  private void freeStakes(Proposal proposal) {
    accounts.put(accounts.get(proposal.from()).withStake(-proposal.proposerStake()));
    accounts.put(accounts.get(proposal.to()).withStake(-proposal.acceptorStake()));
  }

  private String requireOrigin() {
    if (origin == null) {
      throw new IllegalStateException("a deal in a log without a name");
    }
    return origin;
  }

  private static void refuse(List<Effect> effects, Refusal.Code code, String detail) {
    effects.add(new Effect.Refused(new Refusal(code, detail)));
  }
}
