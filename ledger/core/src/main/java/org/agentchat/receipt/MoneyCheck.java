package org.agentchat.receipt;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.agentchat.schemas.escrow.EscrowAgreement;
import org.agentchat.schemas.escrow.EscrowTerms;
import org.agentchat.schemas.escrow.EvmAddress;
import org.agentchat.schemas.escrow.EvmHash;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.receipt.Receipt;
import org.agentchat.schemas.statement.EscrowStatement;
import org.agentchat.schemas.statement.Statement;
import org.jspecify.annotations.Nullable;

/// Whether what the file shows of the money belongs to the deal: both wallets were bound by the two
/// sides for the contract of the terms, which would lock between them, the escrow's id is made of
/// those terms, those wallets and this deal, and the observer that the terms name said the rest, in
/// an order in which it can happen. Whether the chain says so too is not looked at.
final class MoneyCheck {
  private final Receipt.Escrow claimed;
  private final EscrowTerms terms;
  private final Deal deal;
  private final List<Leg> legs;

  private MoneyCheck(Receipt.Escrow claimed, EscrowTerms terms, Deal deal, List<Leg> legs) {
    this.claimed = claimed;
    this.terms = terms;
    this.deal = deal;
    this.legs = legs;
  }

  /// The money of the deal, if it demanded any.
  ///
  /// @param legs the file's statements of the escrow
  static Optional<Money> check(Receipt receipt, Deal deal, List<Leg> legs)
      throws RejectedReceiptException {
    EscrowTerms terms = deal.terms().escrow();
    Receipt.@Nullable Escrow claimed = receipt.escrow();
    if (terms == null) {
      requireNone(claimed, legs);
      return Optional.empty();
    }
    if (claimed == null) {
      throw new RejectedReceiptException(
          ReceiptCode.CLAIM_DIFFERS, "the deal demanded money, the receipt names no escrow");
    }
    return Optional.of(new MoneyCheck(claimed, terms, deal, legs).money(receipt.origin()));
  }

  private static void requireNone(Receipt.@Nullable Escrow claimed, List<Leg> legs)
      throws RejectedReceiptException {
    if (claimed != null) {
      throw new RejectedReceiptException(
          ReceiptCode.CLAIM_DIFFERS, "the deal demanded no money, the receipt names an escrow");
    }
    if (!legs.isEmpty()) {
      throw foreign(legs.getFirst(), "the deal demanded no money");
    }
  }

  private Money money(String origin) throws RejectedReceiptException {
    requireKinds(origin);
    Leg payer = binding(claimed.payerBinding(), deal.proposer(), claimed.payer());
    Leg payee = binding(claimed.payeeBinding(), deal.recipient(), claimed.payee());
    requireLockable();
    requireId();
    Leg locked = locked();
    Optional<Leg> ended = ended(locked);
    requireNoOther(payer, payee, locked, ended);
    return new Money(terms, payer, payee, locked, ended);
  }

  private void requireKinds(String origin) throws RejectedReceiptException {
    long last = -1;
    for (Leg leg : legs) {
      deal.keys().requireInForce(leg);
      if (!(leg.statement() instanceof EscrowStatement)) {
        throw foreign(leg, "it says nothing of money");
      }
      if (leg.index() <= last) {
        throw new RejectedReceiptException(
            ReceiptCode.ESCROW_OUT_OF_ORDER, leg.words() + " comes after entry " + last);
      }
      last = leg.index();
      leg.requireOrigin(origin);
    }
  }

  /// The statement that bound one side's wallet before the deal was accepted.
  private Leg binding(long index, AgentKey side, EvmAddress wallet)
      throws RejectedReceiptException {
    Leg leg = at(index, "WALLET_BIND");
    EscrowStatement.WalletBind bind = Money.binding(leg);
    Leg acceptance = deal.legs(Statement.Accept.class).getFirst();
    if (!deal.account(leg).equals(side)) {
      throw wallet(leg, "it is not by " + side.id() + ", whose wallet it should be");
    }
    if (!bind.contract().equals(terms.escrowContract())) {
      throw wallet(
          leg, "it is for %s, the terms for %s".formatted(bind.contract(), terms.escrowContract()));
    }
    if (!bind.account().address().equals(wallet)) {
      throw wallet(
          leg, "it binds %s, the receipt says %s".formatted(bind.account().address(), wallet));
    }
    if (leg.index() >= acceptance.index()) {
      throw wallet(leg, "the deal was accepted before it");
    }
    if (bind.notAfter() * 1000 < acceptance.event().at()) {
      throw wallet(leg, "its time was over when the deal was accepted");
    }
    return leg;
  }

  private Leg at(long index, String type) throws RejectedReceiptException {
    for (Leg leg : legs) {
      if (leg.index() == index) {
        if (!leg.statement().type().equals(type)) {
          throw foreign(leg, "a " + type + " wanted");
        }
        return leg;
      }
    }
    throw new RejectedReceiptException(
        ReceiptCode.LEG_MISSING, "entry %d (%s) is not in the file".formatted(index, type));
  }

  /// No ledger takes the acceptance of a deal whose money could never be locked.
  private void requireLockable() throws RejectedReceiptException {
    Optional<String> conflict = terms.conflict(claimed.payer(), claimed.payee());
    if (conflict.isPresent()) {
      throw new RejectedReceiptException(
          ReceiptCode.ESCROW_WALLET_FOREIGN,
          "the contract would never lock between these wallets: " + conflict.get());
    }
  }

  private void requireId() throws RejectedReceiptException {
    Leg acceptance = deal.legs(Statement.Accept.class).getFirst();
    EvmHash id =
        new EscrowAgreement(
                terms,
                claimed.payer(),
                claimed.payee(),
                EscrowAgreement.commitment(deal.proposal().hash(), acceptance.hash()))
            .id();
    if (!id.equals(claimed.id())) {
      throw new RejectedReceiptException(
          ReceiptCode.ESCROW_DIFFERS,
          "the receipt names the escrow %s, the deal's is %s".formatted(claimed.id(), id));
    }
  }

  private Leg locked() throws RejectedReceiptException {
    Leg leg = at(claimed.locked(), "ESCROW_LOCKED");
    requireSeen(leg);
    Leg acceptance = deal.legs(Statement.Accept.class).getFirst();
    Leg next = deal.legs().get(deal.legs().indexOf(acceptance) + 1);
    if (leg.index() < acceptance.index() || leg.index() > next.index()) {
      throw new RejectedReceiptException(
          ReceiptCode.ESCROW_OUT_OF_ORDER,
          "%s is not between %s and %s".formatted(leg.words(), acceptance.words(), next.words()));
    }
    return leg;
  }

  private Optional<Leg> ended(Leg locked) throws RejectedReceiptException {
    Optional<Leg> ended =
        legs.stream()
            .filter(leg ->
                leg.statement() instanceof EscrowStatement.EscrowSettled
                    || leg.statement() instanceof EscrowStatement.EscrowRefunded)
            .findFirst();
    if (ended.isPresent()) {
      Leg leg = ended.get();
      requireSeen(leg);
      boolean earlier = Money.seen(leg).blockNumber() < Money.seen(locked).blockNumber();
      if (leg.index() < locked.index() || earlier) {
        throw new RejectedReceiptException(
            ReceiptCode.ESCROW_OUT_OF_ORDER,
            "%s cannot come before %s".formatted(leg.words(), locked.words()));
      }
    }
    return ended;
  }

  /// By whom the terms name, of this deal and of its escrow.
  private void requireSeen(Leg leg) throws RejectedReceiptException {
    EscrowStatement.Observation seen = Money.seen(leg);
    if (!deal.keys().first(leg.key().id()).equals(deal.keys().first(terms.observer()))) {
      throw new RejectedReceiptException(
          ReceiptCode.ESCROW_OBSERVER_FOREIGN,
          "%s: the terms name %s as the observer; if its key was rotated, the rotation must be in the file"
              .formatted(leg.words(), terms.observer()));
    }
    if (!seen.proposalId().equals(deal.id())) {
      throw foreign(leg, "it is about %s, not %s".formatted(seen.proposalId(), deal.id()));
    }
    boolean differs =
        !seen.escrowId().equals(claimed.id())
            || !seen.chain().equals(terms.chain())
            || !seen.contract().equals(terms.contract())
            || (seen instanceof EscrowStatement.EscrowSettled settled
                && !terms.amount().isSum(settled.toPayee(), settled.toPayer()));
    if (differs) {
      throw new RejectedReceiptException(
          ReceiptCode.ESCROW_DIFFERS,
          "%s: it is not about the %s of the escrow %s in %s"
              .formatted(leg.words(), terms.amount(), claimed.id(), terms.escrowContract()));
    }
  }

  private void requireNoOther(Leg payer, Leg payee, Leg locked, Optional<Leg> ended)
      throws RejectedReceiptException {
    List<Leg> others = new ArrayList<>(legs);
    others.removeAll(List.of(payer, payee, locked));
    ended.ifPresent(others::remove);
    if (!others.isEmpty()) {
      throw foreign(others.getFirst(), "the escrow needs no other statement");
    }
  }

  private static RejectedReceiptException wallet(Leg leg, String why) {
    return new RejectedReceiptException(
        ReceiptCode.ESCROW_WALLET_FOREIGN, leg.words() + ": " + why);
  }

  private static RejectedReceiptException foreign(Leg leg, String why) {
    return new RejectedReceiptException(ReceiptCode.LEG_FOREIGN, leg.words() + ": " + why);
  }
}
