package org.agentchat.ledger;

import java.util.Optional;
import org.agentchat.schemas.escrow.EscrowTerms;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.statement.EscrowStatement;
import org.jspecify.annotations.Nullable;

/// Which wallets may be bound, which escrows agreed, and whose word on one counts: reads the state,
/// changes nothing.
record EscrowAdmission(Accounts accounts, Proposals proposals) {
  Optional<Refusal> check(AgentKey signer, EscrowStatement said, long now) {
    return switch (said) {
      case EscrowStatement.WalletBind bind -> checkBinding(signer, bind, now);
      case EscrowStatement.Observation seen -> checkObservation(signer.id(), seen, now);
    };
  }

  private Optional<Refusal> checkBinding(
      AgentKey signer, EscrowStatement.WalletBind bind, long now) {
    if (!Wallet.holds(bind.notAfter(), now)) {
      return refusal(
          Refusal.Code.WALLET_BINDING_EXPIRED,
          "the binding ended at %d, the log's clock is at %d".formatted(bind.notAfter(), now));
    }
    boolean taken =
        accounts
            .find(signer.id())
            .filter(account -> !account.takesWallet(bind.contract(), now))
            .isPresent();
    return taken
        ? refusal(
            Refusal.Code.TOO_MANY_WALLETS,
            "%s has wallets for %d other contracts, the most that are allowed"
                .formatted(signer.id(), Account.MAX_WALLETS))
        : Optional.empty();
  }

  /// Whether an offer may have these terms, or none.
  Optional<Refusal> checkOffer(@Nullable EscrowTerms terms, long now) {
    if (terms == null) {
      return Optional.empty();
    }
    long deadline = terms.deadline() * 1000;
    if (deadline <= now || deadline - now > Escrow.MAX_AHEAD) {
      return refusal(
          Refusal.Code.ESCROW_DEADLINE,
          "the escrow's deadline %d is not within 366 days after the log's clock, %d"
              .formatted(terms.deadline(), now / 1000));
    }
    return checkObserver(terms.observer());
  }

  /// Both sides will believe a key, so it must be known which one, and that it can still speak.
  private Optional<Refusal> checkObserver(AgentId observer) {
    Optional<Account> account = accounts.find(observer);
    if (account.isEmpty()) {
      return refusal(
          Refusal.Code.UNKNOWN_OBSERVER,
          "the log knows no key of the observer %s: let it speak once".formatted(observer));
    }
    if (!account.get().id().equals(observer)) {
      return refusal(
          Refusal.Code.UNKNOWN_OBSERVER,
          "the observer %s has another key: name %s".formatted(observer, account.get().id()));
    }
    return checkNotRevoked(account.get(), observer);
  }

  private static Optional<Refusal> checkNotRevoked(Account account, AgentId observer) {
    return account.isRevoked()
        ? refusal(
            Refusal.Code.UNKNOWN_OBSERVER,
            "the key of the observer %s was revoked, nobody speaks for it".formatted(observer))
        : Optional.empty();
  }

  /// Whether a pending offer can become a deal as far as its escrow goes.
  Optional<Refusal> checkAcceptance(Proposal pending, long now) {
    EscrowTerms terms = pending.terms().escrow();
    if (terms == null) {
      return Optional.empty();
    }
    if (terms.deadline() * 1000 <= now) {
      return refusal(
          Refusal.Code.ESCROW_DEADLINE,
          "the escrow's deadline %d has passed, the log's clock is at %d"
              .formatted(terms.deadline(), now / 1000));
    }
    return checkNotRevoked(accounts.get(terms.observer()), terms.observer())
        .or(() -> checkBound(pending.from(), terms, now))
        .or(() -> checkBound(pending.to(), terms, now))
        .or(() -> checkWallets(pending, terms, now));
  }

  private Optional<Refusal> checkWallets(Proposal pending, EscrowTerms terms, long now) {
    Wallet payer = accounts.get(pending.from()).wallet(terms.escrowContract(), now).orElseThrow();
    Wallet payee = accounts.get(pending.to()).wallet(terms.escrowContract(), now).orElseThrow();
    return terms
        .conflict(payer.address(), payee.address())
        .map(why -> new Refusal(Refusal.Code.WALLETS_CONFLICT, why));
  }

  private Optional<Refusal> checkBound(AgentId side, EscrowTerms terms, long now) {
    return accounts.get(side).wallet(terms.escrowContract(), now).isPresent()
        ? Optional.empty()
        : refusal(
            Refusal.Code.WALLET_NOT_BOUND,
            "%s has no wallet bound for the escrow contract %s"
                .formatted(side, terms.escrowContract()));
  }

  /// A deal whose money is not locked has not started, so nobody can have done or failed it.
  static Optional<Refusal> checkStarted(Proposal accepted) {
    return accepted.isStarted()
        ? Optional.empty()
        : refusal(
            Refusal.Code.ESCROW_NOT_LOCKED,
            "the escrow of %s is not locked yet".formatted(accepted.id()));
  }

  private Optional<Refusal> checkObservation(
      AgentId signer, EscrowStatement.Observation seen, long now) {
    Optional<Proposal> found = proposals.find(seen.proposalId(), now);
    Optional<Escrow> escrow = found.map(Proposal::escrow);
    if (found.isEmpty() || escrow.isEmpty()) {
      return refusal(
          Refusal.Code.ESCROW_NOT_FOUND,
          "no accepted proposal %s with an escrow".formatted(seen.proposalId()));
    }
    return checkObserver(signer, escrow.get())
        .or(() -> checkAgreement(seen, escrow.get()))
        .or(() -> checkOrder(seen, escrow.get(), found.get().isGivenUp(now)));
  }

  private Optional<Refusal> checkObserver(AgentId signer, Escrow escrow) {
    AgentId observer = escrow.terms().observer();
    return accounts.isSame(signer, observer)
        ? Optional.empty()
        : refusal(
            Refusal.Code.NOT_ESCROW_OBSERVER,
            "%s is not the observer %s of the terms".formatted(signer, observer));
  }

  private static Optional<Refusal> checkAgreement(EscrowStatement.Observation seen, Escrow escrow) {
    EscrowTerms terms = escrow.terms();
    if (!seen.escrowId().equals(escrow.id())
        || !seen.chain().equals(terms.chain())
        || !seen.contract().equals(terms.contract())) {
      return refusal(
          Refusal.Code.ESCROW_DIFFERS,
          "the escrow of %s is %s in %s"
              .formatted(seen.proposalId(), escrow.id(), terms.escrowContract()));
    }
    if (seen instanceof EscrowStatement.EscrowSettled settled
        && !terms.amount().isSum(settled.toPayee(), settled.toPayer())) {
      return refusal(
          Refusal.Code.ESCROW_DIFFERS,
          "%s and %s are not the %s of the escrow"
              .formatted(settled.toPayee(), settled.toPayer(), terms.amount()));
    }
    return Optional.empty();
  }

  /// First in, then out, once each; and no block comes before the one that it follows.
  private static Optional<Refusal> checkOrder(
      EscrowStatement.Observation seen, Escrow escrow, boolean givenUp) {
    Optional<Refusal> repeated = checkRepeated(seen, escrow);
    if (repeated.isPresent()) {
      return repeated;
    }
    boolean locking = seen instanceof EscrowStatement.EscrowLocked;
    Escrow.Phase wanted = locking ? Escrow.Phase.AWAITED : Escrow.Phase.LOCKED;
    if (escrow.phase() != wanted || (locking && givenUp)) {
      return refusal(
          Refusal.Code.ESCROW_OUT_OF_ORDER,
          "%s of an escrow that is %s"
              .formatted(seen.type(), locking && givenUp ? "lapsed" : escrow.phase().word()));
    }
    return escrow.locked() != null && seen.blockNumber() < escrow.locked().seen().blockNumber()
        ? refusal(
            Refusal.Code.ESCROW_OUT_OF_ORDER,
            "block %d comes before block %d, in which the escrow was locked"
                .formatted(seen.blockNumber(), escrow.locked().seen().blockNumber()))
        : Optional.empty();
  }

  /// What is known already, be it with other particulars: the first word stands.
  private static Optional<Refusal> checkRepeated(EscrowStatement.Observation seen, Escrow escrow) {
    Escrow.Sighting first =
        seen instanceof EscrowStatement.EscrowLocked ? escrow.locked() : escrow.ended();
    return first == null || !first.seen().type().equals(seen.type())
        ? Optional.empty()
        : Optional.of(
            new Refusal(
                Refusal.Code.REPEATED,
                "%s of this escrow is recorded at index %d".formatted(seen.type(), first.index()),
                first.index()));
  }

  private static Optional<Refusal> refusal(Refusal.Code code, String detail) {
    return Optional.of(new Refusal(code, detail));
  }
}
