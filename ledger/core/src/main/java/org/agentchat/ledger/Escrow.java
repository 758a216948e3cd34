package org.agentchat.ledger;

import java.util.Locale;
import org.agentchat.schemas.escrow.EscrowAgreement;
import org.agentchat.schemas.escrow.EscrowTerms;
import org.agentchat.schemas.escrow.EvmHash;
import org.agentchat.schemas.statement.EscrowStatement;
import org.jspecify.annotations.Nullable;

/// The escrow of an accepted deal, as far as the log was told: what was agreed, and what the
/// observer of the terms says has happened on the chain. Whether it is true, the chain knows.
///
/// @param agreement with the wallets that both sides had bound when the deal was accepted: what is
///   bound later never moves them
/// @param id by what the contract knows it
/// @param payer the proposer's wallet, as it was bound
/// @param payee the acceptor's
/// @param changedAt when the phase was reached, log time, milliseconds since 1970
/// @param locked what was seen when the money went in, if it did
/// @param ended what was seen when it came out, if it did
public record Escrow(
    EscrowAgreement agreement,
    EvmHash id,
    Wallet payer,
    Wallet payee,
    Phase phase,
    long changedAt,
    @Nullable Sighting locked,
    @Nullable Sighting ended) {

  /// How far ahead a deadline may be when the escrow is offered: 366 days, in milliseconds. What is
  /// agreed is remembered by everybody until it is over.
  public static final long MAX_AHEAD = 366L * 24 * 60 * 60 * 1000;

  /// How long after the contract's last time-out somebody may still say how it ended: 30 days, in
  /// milliseconds. Nothing happens on a chain by itself.
  public static final long MARGIN = 30L * 24 * 60 * 60 * 1000;

  /// Where an escrow can be.
  public enum Phase {
    /// Agreed; the deal has not started.
    AWAITED,
    /// The money is in the contract: the deal has started.
    LOCKED,
    /// Paid out.
    SETTLED,
    /// Gone back to the payer.
    REFUNDED,
    /// Not locked in time: the deal never started.
    LAPSED;

    /// The wire word, in lower case.
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// What an observer saw.
  ///
  /// @param index of the entry that says so
  public record Sighting(long index, EscrowStatement.Observation seen) {}

  static Escrow agreed(EscrowAgreement agreement, Wallet payer, Wallet payee, long now) {
    return new Escrow(agreement, agreement.id(), payer, payee, Phase.AWAITED, now, null, null);
  }

  /// What was offered.
  public EscrowTerms terms() {
    return agreement.terms();
  }

  /// Whether the money went in, whatever became of it.
  public boolean wasLocked() {
    return locked != null;
  }

  /// Whether the money is in the contract.
  public boolean isLocked() {
    return phase == Phase.LOCKED;
  }

  /// When a deal that has not started ends: the deadline of the terms, in milliseconds since 1970.
  long startsBy() {
    return terms().deadline() * 1000;
  }

  /// Until when a locked escrow is remembered, in milliseconds since 1970.
  long rememberedUntil() {
    return terms().lastTimeout() * 1000 + MARGIN;
  }

  Escrow locked(Sighting sighting, long now) {
    return new Escrow(agreement, id, payer, payee, Phase.LOCKED, now, sighting, null);
  }

  Escrow ended(Phase end, Sighting sighting, long now) {
    return new Escrow(agreement, id, payer, payee, end, now, locked, sighting);
  }

  Escrow lapsed(long now) {
    return new Escrow(agreement, id, payer, payee, Phase.LAPSED, now, null, null);
  }

  void digest(StateDigest digest) {
    digest.add(id.text()).add(terms().observer().name()).add(phase.word()).add(changedAt);
    payer.digest(digest);
    payee.digest(digest);
    digest.add(locked == null ? -1 : locked.index()).add(ended == null ? -1 : ended.index());
  }
}
