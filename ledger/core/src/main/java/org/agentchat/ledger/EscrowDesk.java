package org.agentchat.ledger;

import java.util.List;
import java.util.Optional;
import org.agentchat.schemas.escrow.EscrowAgreement;
import org.agentchat.schemas.escrow.EscrowTerms;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.statement.EscrowStatement;

/// Takes note of wallets and escrows: applies what [EscrowAdmission] admitted.
record EscrowDesk(Accounts accounts, Proposals proposals) {
  void hear(Proposal.Leg leg, EscrowStatement said, long now, List<Effect> effects) {
    AgentId signer = leg.event().signed().key().id();
    switch (said) {
      case EscrowStatement.WalletBind bind -> {
        Wallet wallet =
            new Wallet(
                bind.account().address(),
                bind.notAfter(),
                !bind.evmSignature().isEcdsa(),
                now,
                leg.index());
        accounts.put(accounts.get(signer).withWallet(bind.contract(), wallet, now));
        effects.add(new EscrowEffect.WalletBound(signer, bind.contract(), wallet));
      }
      case EscrowStatement.EscrowLocked locked -> {
        Escrow escrow = escrow(locked).locked(new Escrow.Sighting(leg.index(), locked), now);
        effects.add(new EscrowEffect.EscrowLocked(put(locked, escrow), signer));
      }
      case EscrowStatement.EscrowSettled settled -> {
        Escrow escrow = ended(Escrow.Phase.SETTLED, leg.index(), settled, now);
        effects.add(new EscrowEffect.EscrowSettled(put(settled, escrow), signer));
      }
      case EscrowStatement.EscrowRefunded refunded -> {
        Escrow escrow = ended(Escrow.Phase.REFUNDED, leg.index(), refunded, now);
        effects.add(new EscrowEffect.EscrowRefunded(put(refunded, escrow), signer));
      }
    }
  }

  private Escrow ended(Escrow.Phase end, long index, EscrowStatement.Observation seen, long now) {
    return escrow(seen).ended(end, new Escrow.Sighting(index, seen), now);
  }

  private Escrow escrow(EscrowStatement.Observation seen) {
    return proposals.find(seen.proposalId()).map(Proposal::escrow).orElseThrow();
  }

  private Proposal put(EscrowStatement.Observation seen, Escrow escrow) {
    Proposal changed = proposals.find(seen.proposalId()).orElseThrow().with(escrow);
    proposals.put(changed);
    return changed;
  }

  /// The escrow of an offer that is accepted now, if it has one.
  Optional<Escrow> agree(Proposal pending, Proposal.Leg acceptance, long now) {
    return Optional.ofNullable(pending.terms().escrow())
        .map(terms -> agree(pending, terms, acceptance, now));
  }

  private Escrow agree(Proposal pending, EscrowTerms terms, Proposal.Leg acceptance, long now) {
    Wallet payer = wallet(pending.from(), terms, now);
    Wallet payee = wallet(pending.to(), terms, now);
    EscrowAgreement agreement =
        new EscrowAgreement(
            terms,
            payer.address(),
            payee.address(),
            EscrowAgreement.commitment(pending.legs().getFirst().hash(), acceptance.hash()));
    return Escrow.agreed(agreement, payer, payee, now);
  }

  private Wallet wallet(AgentId side, EscrowTerms terms, long now) {
    return accounts.get(side).wallet(terms.escrowContract(), now).orElseThrow();
  }
}
