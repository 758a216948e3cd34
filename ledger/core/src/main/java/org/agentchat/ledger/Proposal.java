package org.agentchat.ledger;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.event.LeafHash;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.statement.Statement;
import org.jspecify.annotations.Nullable;

/// A proposal and what became of it. Times are log times, milliseconds since 1970. The two sides
/// are named as they were signed: whose such a name is, and under which key, is the [Ledger]'s to
/// say.
///
/// @param id see [org.agentchat.schemas.event.ProposalId]
/// @param terms the statement that opened it
/// @param expiresAt when the offer lapses, also when none was named
/// @param proposerStake points that the proposer has at risk, once accepted
/// @param acceptorStake points that the acceptor has at risk, once accepted
/// @param escrowed whether those points are still held
/// @param changedAt when the status was reached
/// @param legs the statements that applied, in log order
/// @param filings the court cases that were filed over it, first to last
/// @param escrow the money that the deal demands, once accepted, if its terms demand any
public record Proposal(
    String id,
    AgentId from,
    AgentId to,
    Statement.Proposal terms,
    long expiresAt,
    Status status,
    int proposerStake,
    int acceptorStake,
    boolean escrowed,
    long changedAt,
    List<Leg> legs,
    List<Filing> filings,
    @Nullable Escrow escrow) {

  /// How long an offer without `expires` stays open, how long stakes without one are held, and how
  /// long an accepted deal waits for its end: 30 days, in milliseconds.
  public static final long LONGEST_WAIT = 30L * 24 * 60 * 60 * 1000;

  /// How long a finished proposal is still known to the fold: 24 hours, in milliseconds.
  public static final long MEMORY = 24L * 60 * 60 * 1000;

  /// Where a proposal can be.
  public enum Status {
    /// Offered.
    PENDING,
    /// Agreed, not finished.
    ACCEPTED,
    /// Before a panel: nothing else ends it meanwhile, and no time runs out.
    CONTESTED,
    /// Declined by its recipient.
    REJECTED,
    /// Ran out of time.
    EXPIRED,
    /// Done.
    COMPLETED,
    /// One side blamed the other.
    DISPUTED;

    /// The wire word, in lower case.
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /// Whether anything can still happen.
    public boolean isOpen() {
      return this == PENDING || this == ACCEPTED || this == CONTESTED;
    }
  }

  /// One recorded statement of the deal.
  ///
  /// @param recorded the event, or null once the deal is finished: see [#event]
  public record Leg(long index, LeafHash hash, Event.@Nullable Stated recorded) {
    /// The event.
    ///
    /// @throws IllegalStateException if the deal is finished and was asked of the [Ledger]: only
    ///   the effect that finished it still carries its events
    public Event.Stated event() {
      if (recorded == null) {
        throw new IllegalStateException("entry " + index + " belongs to a finished deal");
      }
      return recorded;
    }
  }

  /// A court case that was filed over the deal.
  ///
  /// @param by the first name of the disputant's account
  /// @param commitment hexadecimal SHA-256 of its nonce
  public record Filing(AgentId by, String commitment) {}

  /// Copies the legs.
  public Proposal {
    legs = List.copyOf(legs);
    filings = List.copyOf(filings);
  }

  static Proposal opened(String id, Leg leg, Statement.Proposal terms, long now) {
    AgentKey recipient = leg.event().recipient();
    return new Proposal(
        id,
        leg.event().signed().key().id(),
        // The same name, but one object for all deals of the key: they are kept for a day.
        recipient == null ? terms.to() : recipient.id(),
        terms,
        now + wait(terms),
        Status.PENDING,
        0,
        0,
        false,
        now,
        List.of(leg),
        List.of(),
        null);
  }

  private static long wait(Statement.Proposal terms) {
    double seconds = terms.expires() == null ? 0 : terms.expires().value();
    return seconds > 0 ? (long) StrictMath.floor(seconds * 1000) : LONGEST_WAIT;
  }

  /// When the proposal was recorded: the log's time, also where the relay's clock was behind it.
  public long openedAt() {
    return expiresAt - wait(terms);
  }

  /// The log index of the statement that opened it.
  public long openedIndex() {
    return legs.getFirst().index();
  }

  /// When time alone changes it next: an offer lapses, stakes are let go, a deal is given up.
  public OptionalLong deadline() {
    return switch (status) {
      case PENDING -> OptionalLong.of(expiresAt);
      case ACCEPTED ->
          OptionalLong.of(escrowed ? Math.min(releasesAt(), givenUpAt()) : givenUpAt());
      case CONTESTED, REJECTED, EXPIRED, COMPLETED, DISPUTED -> OptionalLong.empty();
    };
  }

  /// Whether the deal has waited too long for its end.
  boolean isGivenUp(long now) {
    return status == Status.ACCEPTED && givenUpAt() <= now;
  }

  /// Stakes are held until the agreed time, or for the longest wait when none was agreed.
  private long releasesAt() {
    boolean agreed = terms.expires() != null && terms.expires().value() > 0;
    return agreed ? expiresAt : givenUpAt();
  }

  /// A deal whose money is not locked waits until the deadline of its terms and no longer; one
  /// whose money is locked at least as long after that deadline as any deal waits.
  private long givenUpAt() {
    long agreed = Math.max(expiresAt, changedAt + LONGEST_WAIT);
    if (escrow == null) {
      return agreed;
    }
    return escrow.wasLocked()
        ? Math.max(agreed, escrow.startsBy() + LONGEST_WAIT)
        : escrow.startsBy();
  }

  /// Whether the deal may be completed or disputed as far as its money goes.
  public boolean isStarted() {
    return escrow == null || escrow.wasLocked();
  }

  /// Whether the deal is over and its money is still in the contract.
  boolean isLingering() {
    return !status.isOpen() && escrow != null && escrow.isLocked();
  }

  /// When a finished proposal is forgotten: a day after all is over, and a lingering one when
  /// nobody is waited for any more. Milliseconds since 1970.
  long forgottenAt() {
    if (escrow == null) {
      return changedAt + MEMORY;
    }
    return isLingering()
        ? Math.max(changedAt + MEMORY, escrow.rememberedUntil())
        : Math.max(changedAt, escrow.changedAt()) + MEMORY;
  }

  Proposal accepted(Leg leg, int acceptorStake, @Nullable Escrow agreed, long now) {
    int proposerStake = terms.stake();
    boolean staked = proposerStake > 0 || acceptorStake > 0;
    return new Proposal(
        id,
        from,
        to,
        terms,
        expiresAt,
        Status.ACCEPTED,
        proposerStake,
        acceptorStake,
        staked,
        now,
        with(leg),
        filings,
        agreed);
  }

  Proposal ended(Status end, Leg leg, long now) {
    return moved(end, false, now, with(leg));
  }

  /// The deal before a panel; its stakes stay held.
  Proposal contested(Filing filing, long now) {
    List<Filing> filed = new ArrayList<>(filings);
    filed.add(filing);
    return new Proposal(
        id,
        from,
        to,
        terms,
        expiresAt,
        Status.CONTESTED,
        proposerStake,
        acceptorStake,
        escrowed,
        now,
        legs,
        filed,
        escrow);
  }

  /// How many cases one side has filed over the deal.
  ///
  /// @param disputant the first name of its account
  int filingsOf(AgentId disputant) {
    return (int) filings.stream().filter(filing -> filing.by().equals(disputant)).count();
  }

  /// Whether a case with this commitment was filed over the deal, by either side.
  boolean hasFiling(String commitment) {
    return filings.stream().anyMatch(filing -> filing.commitment().equals(commitment));
  }

  /// The deal after a case without a verdict.
  Proposal reopened(long now) {
    return moved(Status.ACCEPTED, escrowed, now, legs);
  }

  /// The deal after a verdict.
  ///
  /// @param more the statements of the case
  Proposal judged(List<Leg> more, long now) {
    List<Leg> all = new ArrayList<>(legs);
    all.addAll(more);
    return moved(Status.DISPUTED, false, now, all);
  }

  /// What is kept of a finished proposal: who, what kind of work, what end and when, but none of
  /// its texts. Money may come out of an escrow later, and hooks ask which work it was for.
  Proposal tombstone() {
    Statement.Proposal bare =
        new Statement.Proposal(
            to,
            "",
            terms.amount(),
            null,
            null,
            null,
            terms.expires(),
            terms.eloStake(),
            terms.capability());
    Leg first = legs.getFirst();
    return new Proposal(
        id,
        from,
        to,
        bare,
        expiresAt,
        status,
        proposerStake,
        acceptorStake,
        escrowed,
        changedAt,
        List.of(new Leg(first.index(), first.hash(), null)),
        List.of(),
        escrow);
  }

  /// An offer or a deal whose time is up; one whose money is still not locked never started.
  Proposal expired(long now) {
    Proposal expired = moved(Status.EXPIRED, false, now, legs);
    return escrow == null || escrow.wasLocked() ? expired : expired.with(escrow.lapsed(now));
  }

  Proposal released() {
    return new Proposal(
        id, from, to, terms, expiresAt, status, 0, 0, false, changedAt, legs, filings, escrow);
  }

  /// The same deal after its money moved.
  Proposal with(Escrow changed) {
    return new Proposal(
        id,
        from,
        to,
        terms,
        expiresAt,
        status,
        proposerStake,
        acceptorStake,
        escrowed,
        changedAt,
        legs,
        filings,
        changed);
  }

  private Proposal moved(Status next, boolean held, long now, List<Leg> nextLegs) {
    return new Proposal(
        id,
        from,
        to,
        terms,
        expiresAt,
        next,
        proposerStake,
        acceptorStake,
        held,
        now,
        nextLegs,
        filings,
        escrow);
  }

  private List<Leg> with(Leg leg) {
    List<Leg> all = new ArrayList<>(legs);
    all.add(leg);
    return all;
  }
}
