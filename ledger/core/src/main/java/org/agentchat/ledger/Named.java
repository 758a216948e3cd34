package org.agentchat.ledger;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.agentchat.schemas.identity.AgentId;

/// Which accounts an entry names: those that something came of it for. That is
///
/// 1. whoever signed a statement that applied,
/// 2. both sides of a proposal or deal that moved on, be it by time that the entry let pass,
/// 3. both sides of a deal whose escrow moved,
/// 4. both sides of a deal of whose machines its acceptor told,
/// 5. in a court case that moved on, both sides, whoever has a seat on the panel, and who lost one.
///
/// So an entry names every account that it changes. What was refused names nobody: anybody could
/// fill another's history with statements that never applied. A commitment to the ratings names
/// nobody either, as it would change what it commits to.
final class Named {
  private final Accounts accounts;
  private final Set<AgentId> named = new LinkedHashSet<>();

  private Named(Accounts accounts) {
    this.accounts = accounts;
  }

  /// The first names of the accounts, each once.
  ///
  /// @param effects of the whole entry
  static List<AgentId> by(List<Effect> effects, Accounts accounts) {
    Named named = new Named(accounts);
    effects.forEach(named::add);
    return List.copyOf(named.named);
  }

  private void add(Effect effect) {
    switch (effect) {
      case Effect.AgentKnown known -> add(known.key().id());
      case Effect.ProposalOpened opened -> add(opened.proposal());
      case Effect.ProposalAccepted accepted -> add(accepted.proposal());
      case Effect.ProposalRejected rejected -> add(rejected.proposal());
      case Effect.ProposalExpired expired -> add(expired.proposal());
      case Effect.ProposalCompleted completed -> add(completed.proposal());
      case Effect.ProposalDisputed disputed -> add(disputed.proposal());
      case Effect.StakeEscrowed escrowed -> add(escrowed.proposal());
      case Effect.StakeSettled settled -> add(settled.proposal());
      case Effect.RatingChanged changed -> add(changed.agent());
      case Effect.SkillsRegistered registered -> add(registered.agent());
      case Effect.KeyRotated rotated -> add(rotated.old().id());
      case Effect.KeyRevoked revoked -> add(revoked.key().id());
      case CourtEffect.ArbiterReplaced replaced -> {
        add(replaced.dispute());
        add(replaced.gone());
      }
      case CourtEffect court -> add(court.dispute());
      case EscrowEffect.WalletBound bound -> add(bound.agent());
      case EscrowEffect.Observed observed -> {
        add(observed.proposal());
        add(observed.by());
      }
      case Effect.DeploymentObserved observed -> {
        add(observed.deployment().from());
        add(observed.by());
      }
      // A receipt is issued to the sides of a deal that another effect ended.
      case Effect.LogNamed _,
          Effect.ReceiptIssued _,
          Effect.RatingsCommitted _,
          Effect.Refused _ -> {}
    }
  }

  private void add(Proposal proposal) {
    add(proposal.from());
    add(proposal.to());
  }

  private void add(Dispute dispute) {
    add(dispute.disputant());
    add(dispute.respondent());
    dispute.panel().seats().forEach(seat -> add(seat.arbiter()));
  }

  private void add(AgentId name) {
    named.add(accounts.owner(name));
  }
}
