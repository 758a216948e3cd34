package org.agentchat.hooks.evm;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.agentchat.escrow.chain.Address;
import org.agentchat.hooks.Action;
import org.agentchat.hooks.Notice;
import org.agentchat.hooks.Planner;
import org.agentchat.ledger.Applied;
import org.agentchat.ledger.CourtEffect;
import org.agentchat.ledger.Dispute;
import org.agentchat.ledger.Effect;
import org.agentchat.ledger.Ledger;
import org.agentchat.ledger.Proposal;
import org.agentchat.schemas.escrow.EscrowContract;
import org.agentchat.schemas.escrow.EscrowTerms;
import org.agentchat.schemas.escrow.EvmAddress;
import org.agentchat.schemas.escrow.EvmHash;
import org.agentchat.schemas.escrow.TokenAmount;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.statement.Verdict;

/// Says what an entry asks of the escrow contract, in exactly the roles whose keys are held.
///
/// @param contract the only one that is served
/// @param held the accounts whose keys are held, in the order of preference
/// @param timeOuts whether time-outs are used that anybody may use
/// @param withdrawals whether credits of held accounts are taken
record EvmPlanner(
    EscrowContract contract, List<Address> held, boolean timeOuts, boolean withdrawals)
    implements Planner {
  EvmPlanner {
    held = List.copyOf(held);
  }

  @Override
  public List<Action> plan(Applied applied, List<Notice> notices, Ledger ledger) {
    EvmHash leaf = EvmHash.of(applied.entry().hash().raw());
    List<Errand> errands = new ArrayList<>();
    for (Effect effect : applied.effects()) {
      plan(effect, leaf, ledger, errands);
    }
    return errands.stream().map(Errand::action).toList();
  }

  private void plan(Effect effect, EvmHash leaf, Ledger ledger, List<Errand> errands) {
    switch (effect) {
      case Effect.ProposalAccepted accepted ->
          served(accepted.proposal()).ifPresent(deal -> accepted(deal, errands));
      case Effect.ProposalCompleted completed ->
          served(completed.proposal())
              .ifPresent(deal -> {
                Side side = side(ledger, completed.proposal(), completed.by());
                completed(deal, side, leaf).ifPresent(errands::add);
              });
      case Effect.ProposalDisputed disputed ->
          served(disputed.proposal())
              .ifPresent(deal -> {
                Side side = side(ledger, disputed.proposal(), disputed.by());
                disputed(deal, side, leaf).ifPresent(errands::add);
              });
      case CourtEffect.DisputeFiled filed ->
          served(filed.proposal())
              .ifPresent(deal -> {
                Side side = side(ledger, filed.proposal(), filed.dispute().disputant());
                disputed(deal, side, leaf).ifPresent(errands::add);
              });
      case CourtEffect.VerdictReached judged ->
          served(judged.proposal())
              .ifPresent(deal -> {
                Side disputant = side(ledger, judged.proposal(), judged.dispute().disputant());
                judged(deal, judged.dispute(), disputant, leaf).ifPresent(errands::add);
              });
      default -> {}
    }
  }

  /// The deal, if its money is in the contract that is served.
  private Optional<Deal> served(Proposal proposal) {
    return Deal.of(proposal).filter(deal -> deal.terms().escrowContract().equals(contract));
  }

  private enum Side {
    PAYER,
    PAYEE
  }

  private static Side side(Ledger ledger, Proposal proposal, AgentId agent) {
    return ledger.owner(agent).equals(ledger.owner(proposal.from())) ? Side.PAYER : Side.PAYEE;
  }

  private void accepted(Deal deal, List<Errand> errands) {
    holder(deal.agreement().payer())
        .ifPresent(payer -> errands.add(new Errand(deal, new Goal.Lock(), payer)));
    if (timeOuts && !held.isEmpty()) {
      errands.add(new Errand(deal, new Goal.TimeOut(), held.getFirst()));
    }
    if (withdrawals) {
      for (EvmAddress party : List.of(deal.agreement().payer(), deal.agreement().payee())) {
        holder(party).ifPresent(own -> errands.add(new Errand(deal, new Goal.Withdraw(), own)));
      }
    }
  }

  /// The payer's word releases, be it through the operator, whom the terms trust with that. Who can
  /// only deliver does so also on the payer's word: otherwise the deadline would undo it.
  private Optional<Errand> completed(Deal deal, Side side, EvmHash leaf) {
    Optional<Address> operator = holder(deal.terms().operator());
    if (side == Side.PAYER) {
      Optional<Address> releaser = holder(deal.agreement().payer()).or(() -> operator);
      if (releaser.isPresent()) {
        return releaser.map(by -> new Errand(deal, new Goal.Release(), by));
      }
    }
    return holder(deal.agreement().payee())
        .or(() -> operator)
        .map(by -> new Errand(deal, new Goal.Deliver(leaf), by));
  }

  private Optional<Errand> disputed(Deal deal, Side side, EvmHash leaf) {
    EvmAddress own = side == Side.PAYER ? deal.agreement().payer() : deal.agreement().payee();
    return holder(own)
        .or(() -> holder(deal.terms().operator()))
        .map(by -> new Errand(deal, new Goal.Dispute(leaf), by));
  }

  private Optional<Errand> judged(Deal deal, Dispute dispute, Side disputant, EvmHash leaf) {
    Verdict verdict = Objects.requireNonNull(dispute.verdict(), "a verdict was reached");
    TokenAmount toPayee = toPayee(deal.terms(), verdict, disputant);
    return holder(deal.terms().arbiter())
        .map(by -> new Errand(deal, new Goal.Resolve(toPayee, leaf), by));
  }

  /// Who is in the right has all; where both are at fault, the share counts that both had agreed on
  /// for the case that nobody decides.
  private static TokenAmount toPayee(EscrowTerms terms, Verdict verdict, Side disputant) {
    return switch (verdict) {
      case DISPUTANT -> disputant == Side.PAYEE ? terms.amount() : TokenAmount.ZERO;
      case RESPONDENT -> disputant == Side.PAYER ? terms.amount() : TokenAmount.ZERO;
      case MUTUAL -> silentShare(terms);
    };
  }

  private static TokenAmount silentShare(EscrowTerms terms) {
    return new TokenAmount(
        terms
            .amount()
            .units()
            .multiply(BigInteger.valueOf(terms.silentBps()))
            .divide(BigInteger.valueOf(EscrowTerms.MAX_BPS)));
  }

  private Optional<Address> holder(EvmAddress role) {
    return Optional.of(Deal.address(role)).filter(held::contains);
  }
}
