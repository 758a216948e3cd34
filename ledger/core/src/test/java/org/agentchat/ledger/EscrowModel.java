package org.agentchat.ledger;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.agentchat.schemas.escrow.EscrowAgreement;
import org.agentchat.schemas.escrow.EscrowContract;
import org.agentchat.schemas.escrow.EscrowTerms;
import org.agentchat.schemas.escrow.EvmAddress;
import org.agentchat.schemas.escrow.EvmHash;
import org.agentchat.schemas.event.LeafHash;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.statement.EscrowStatement;
import org.jspecify.annotations.Nullable;

/// The rules of wallets and escrows once more, written from their description and as simply as can
/// be: everything that was ever said is kept, and every question is answered by looking at all of
/// it. Shares no code with the fold but the hash of an agreement.
final class EscrowModel {
  private static final long DAY = 24L * 60 * 60 * 1000;

  /// What became of a deal.
  enum Life {
    PENDING,
    ACCEPTED,
    ENDED,
    EXPIRED
  }

  /// What became of its money.
  enum Cash {
    NONE,
    AWAITED,
    LOCKED,
    SETTLED,
    REFUNDED,
    LAPSED
  }

  /// A deal from its offer on, also when the fold has forgotten it.
  static final class Deal {
    final String id;
    final AgentId from;
    final AgentId to;
    final @Nullable EscrowTerms terms;
    final LeafHash offer;
    final long openedAt;
    Life life = Life.PENDING;
    Cash cash = Cash.NONE;
    long acceptedAt;
    long endedAt;
    long cashAt;
    long lockBlock;
    @Nullable EvmHash escrowId;
    @Nullable EvmAddress payer;
    @Nullable EvmAddress payee;

    Deal(
        String id,
        AgentId from,
        AgentId to,
        @Nullable EscrowTerms terms,
        LeafHash offer,
        long openedAt) {
      this.id = id;
      this.from = from;
      this.to = to;
      this.terms = terms;
      this.offer = offer;
      this.openedAt = openedAt;
    }

    boolean isOver() {
      return life == Life.ENDED || life == Life.EXPIRED;
    }

    EscrowTerms requireTerms() {
      if (terms == null) {
        throw new IllegalStateException(id + " demands no money");
      }
      return terms;
    }

    long deadline() {
      return requireTerms().deadline() * 1000;
    }

    private long givenUp() {
      long wait = 30 * DAY;
      long plain = Math.max(openedAt + wait, acceptedAt + wait);
      return switch (cash) {
        case NONE -> plain;
        case AWAITED, LAPSED -> deadline();
        case LOCKED, SETTLED, REFUNDED -> Math.max(plain, deadline() + wait);
      };
    }

    private long forgottenAt() {
      if (cash != Cash.LOCKED) {
        return Math.max(endedAt, cashAt) + DAY;
      }
      EscrowTerms agreed = requireTerms();
      long last = agreed.deadline() + agreed.reviewPeriod() + agreed.disputePeriod();
      return Math.max(endedAt + DAY, last * 1000 + 30 * DAY);
    }
  }

  private record Bound(
      AgentId account, EscrowContract contract, EvmAddress wallet, long notAfter) {}

  private final List<Bound> bindings = new ArrayList<>();
  private final Map<String, Deal> deals = new HashMap<>();

  /// By the name of any key, that of the account's first.
  private final Map<AgentId, AgentId> owners = new HashMap<>();

  private final Map<AgentId, AgentId> current = new HashMap<>();
  private final List<AgentId> revoked = new ArrayList<>();
  private long clock;

  /// Lets the log's clock come to `now` and everything happen that is due.
  void advance(long now) {
    clock = Math.max(clock, now);
    for (Deal deal : deals.values()) {
      boolean lapses =
          (deal.life == Life.PENDING && deal.openedAt + 30 * DAY <= clock)
              || (deal.life == Life.ACCEPTED && deal.givenUp() <= clock);
      if (lapses) {
        deal.life = Life.EXPIRED;
        deal.endedAt = clock;
        if (deal.cash == Cash.AWAITED) {
          deal.cash = Cash.LAPSED;
          deal.cashAt = clock;
        }
      }
    }
  }

  /// The deals that everybody still knows.
  List<Deal> known() {
    return deals.values().stream().filter(this::isKnown).toList();
  }

  private boolean isKnown(Deal deal) {
    return !deal.isOver() || deal.forgottenAt() > clock;
  }

  private Optional<Deal> find(String id) {
    return Optional.ofNullable(deals.get(id)).filter(this::isKnown);
  }

  void know(AgentId agent) {
    if (owners.putIfAbsent(agent, agent) == null) {
      current.put(agent, agent);
    }
  }

  void rotate(AgentId old, AgentId next) {
    know(old);
    owners.put(next, owner(old));
    current.put(owner(old), next);
  }

  void revoke(AgentId key) {
    know(key);
    revoked.add(owner(key));
  }

  AgentId owner(AgentId id) {
    return owners.getOrDefault(id, id);
  }

  private boolean same(AgentId one, AgentId other) {
    return owner(one).equals(owner(other));
  }

  /// Why a key may not speak at all.
  Optional<Refusal.Code> speaks(AgentId key) {
    if (!owners.containsKey(key)) {
      return Optional.empty();
    }
    if (!key.equals(current.get(owner(key)))) {
      return Optional.of(Refusal.Code.KEY_ROTATED);
    }
    return revoked.contains(owner(key)) ? Optional.of(Refusal.Code.KEY_REVOKED) : Optional.empty();
  }

  Optional<Refusal.Code> binds(EscrowStatement.WalletBind bind) {
    return clock > bind.notAfter() * 1000
        ? Optional.of(Refusal.Code.WALLET_BINDING_EXPIRED)
        : Optional.empty();
  }

  void bound(AgentId signer, EscrowStatement.WalletBind bind) {
    know(signer);
    bindings.add(
        new Bound(owner(signer), bind.contract(), bind.account().address(), bind.notAfter()));
  }

  /// The newest that the account has said for the contract, if its time is not over.
  private Optional<EvmAddress> wallet(AgentId account, EscrowTerms terms) {
    return bindings.reversed().stream()
        .filter(bound -> bound.account.equals(owner(account)))
        .filter(bound -> bound.contract.equals(terms.escrowContract()))
        .findFirst()
        .filter(bound -> clock <= bound.notAfter * 1000)
        .map(Bound::wallet);
  }

  Optional<Refusal.Code> offers(@Nullable EscrowTerms terms) {
    if (terms == null) {
      return Optional.empty();
    }
    long ahead = terms.deadline() * 1000 - clock;
    if (ahead <= 0 || ahead > 366 * DAY) {
      return Optional.of(Refusal.Code.ESCROW_DEADLINE);
    }
    AgentId observer = terms.observer();
    boolean speaks =
        owners.containsKey(observer)
            && observer.equals(current.get(owner(observer)))
            && !revoked.contains(owner(observer));
    return speaks ? Optional.empty() : Optional.of(Refusal.Code.UNKNOWN_OBSERVER);
  }

  Deal offered(String id, AgentId from, AgentId to, @Nullable EscrowTerms terms, LeafHash offer) {
    know(from);
    know(to);
    Deal deal = new Deal(id, owner(from), owner(to), terms, offer, clock);
    deals.put(id, deal);
    return deal;
  }

  Optional<Refusal.Code> accepts(AgentId signer, String id) {
    Optional<Deal> found = find(id);
    if (found.isEmpty()) {
      return Optional.of(Refusal.Code.PROPOSAL_NOT_FOUND);
    }
    Deal deal = found.get();
    if (deal.life != Life.PENDING) {
      return Optional.of(Refusal.Code.PROPOSAL_NOT_PENDING);
    }
    if (!same(signer, deal.to)) {
      return Optional.of(Refusal.Code.NOT_PROPOSAL_RECIPIENT);
    }
    if (revoked.contains(deal.from)) {
      return Optional.of(Refusal.Code.PROPOSAL_NOT_PENDING);
    }
    EscrowTerms terms = deal.terms;
    if (terms == null) {
      return Optional.empty();
    }
    if (deal.deadline() <= clock) {
      return Optional.of(Refusal.Code.ESCROW_DEADLINE);
    }
    if (revoked.contains(owner(terms.observer()))) {
      return Optional.of(Refusal.Code.UNKNOWN_OBSERVER);
    }
    Optional<EvmAddress> payer = wallet(deal.from, terms);
    Optional<EvmAddress> payee = wallet(deal.to, terms);
    if (payer.isEmpty() || payee.isEmpty()) {
      return Optional.of(Refusal.Code.WALLET_NOT_BOUND);
    }
    return payer.equals(payee) ? Optional.of(Refusal.Code.WALLETS_CONFLICT) : Optional.empty();
  }

  void accepted(String id, LeafHash acceptance) {
    Deal deal = deals.get(id);
    deal.life = Life.ACCEPTED;
    deal.acceptedAt = clock;
    EscrowTerms terms = deal.terms;
    if (terms != null) {
      deal.cash = Cash.AWAITED;
      deal.cashAt = clock;
      deal.payer = wallet(deal.from, terms).orElseThrow();
      deal.payee = wallet(deal.to, terms).orElseThrow();
      deal.escrowId =
          new EscrowAgreement(
                  terms, deal.payer, deal.payee, EscrowAgreement.commitment(deal.offer, acceptance))
              .id();
    }
  }

  Optional<Refusal.Code> ends(AgentId signer, String id) {
    Optional<Deal> found = find(id);
    if (found.isEmpty()) {
      return Optional.of(Refusal.Code.PROPOSAL_NOT_FOUND);
    }
    Deal deal = found.get();
    if (deal.life != Life.ACCEPTED) {
      return Optional.of(Refusal.Code.PROPOSAL_NOT_ACCEPTED);
    }
    if (!same(signer, deal.from) && !same(signer, deal.to)) {
      return Optional.of(Refusal.Code.NOT_PROPOSAL_PARTY);
    }
    return deal.cash == Cash.AWAITED
        ? Optional.of(Refusal.Code.ESCROW_NOT_LOCKED)
        : Optional.empty();
  }

  void ended(String id) {
    Deal deal = deals.get(id);
    deal.life = Life.ENDED;
    deal.endedAt = clock;
  }

  Optional<Refusal.Code> observes(AgentId signer, EscrowStatement.Observation seen) {
    Optional<Deal> found = find(seen.proposalId()).filter(deal -> deal.cash != Cash.NONE);
    if (found.isEmpty()) {
      return Optional.of(Refusal.Code.ESCROW_NOT_FOUND);
    }
    Deal deal = found.get();
    EscrowTerms terms = deal.requireTerms();
    if (!same(signer, terms.observer())) {
      return Optional.of(Refusal.Code.NOT_ESCROW_OBSERVER);
    }
    boolean differs =
        !seen.escrowId().equals(deal.escrowId)
            || !new EscrowContract(seen.chain(), seen.contract()).equals(terms.escrowContract())
            || (seen instanceof EscrowStatement.EscrowSettled settled
                && !settled
                    .toPayee()
                    .units()
                    .add(settled.toPayer().units())
                    .equals(terms.amount().units()));
    if (differs) {
      return Optional.of(Refusal.Code.ESCROW_DIFFERS);
    }
    boolean locking = seen instanceof EscrowStatement.EscrowLocked;
    boolean wasLocked =
        deal.cash == Cash.LOCKED || deal.cash == Cash.SETTLED || deal.cash == Cash.REFUNDED;
    boolean repeated = locking ? wasLocked : deal.cash == end(seen);
    if (repeated) {
      return Optional.of(Refusal.Code.REPEATED);
    }
    boolean possible = locking ? deal.cash == Cash.AWAITED : deal.cash == Cash.LOCKED;
    return possible && (locking || seen.blockNumber() >= deal.lockBlock)
        ? Optional.empty()
        : Optional.of(Refusal.Code.ESCROW_OUT_OF_ORDER);
  }

  private static Cash end(EscrowStatement.Observation seen) {
    return switch (seen) {
      case EscrowStatement.EscrowLocked _ -> Cash.LOCKED;
      case EscrowStatement.EscrowSettled _ -> Cash.SETTLED;
      case EscrowStatement.EscrowRefunded _ -> Cash.REFUNDED;
    };
  }

  void observed(EscrowStatement.Observation seen) {
    Deal deal = deals.get(seen.proposalId());
    deal.cash = end(seen);
    deal.cashAt = clock;
    if (seen instanceof EscrowStatement.EscrowLocked) {
      deal.lockBlock = seen.blockNumber();
    }
  }
}
