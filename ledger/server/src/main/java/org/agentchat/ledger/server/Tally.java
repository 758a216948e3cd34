package org.agentchat.ledger.server;

import java.util.EnumMap;
import java.util.Map;
import org.agentchat.ledger.Applied;
import org.agentchat.ledger.CourtEffect;
import org.agentchat.ledger.Effect;
import org.agentchat.ledger.EscrowEffect;
import org.agentchat.ledger.Proposal;

/// Counts what the fold forgets after a day: proposals by status, and receipts.
final class Tally {
  private final Map<Proposal.Status, Long> proposals = new EnumMap<>(Proposal.Status.class);
  private long receipts;

  Tally() {
    for (Proposal.Status status : Proposal.Status.values()) {
      proposals.put(status, 0L);
    }
  }

  void add(Applied applied) {
    applied.effects().forEach(this::add);
  }

  private void add(Effect effect) {
    switch (effect) {
      case Effect.ProposalOpened _ -> count(Proposal.Status.PENDING, 1);
      case Effect.ProposalAccepted _ -> move(Proposal.Status.PENDING, Proposal.Status.ACCEPTED);
      case Effect.ProposalRejected _ -> move(Proposal.Status.PENDING, Proposal.Status.REJECTED);
      case Effect.ProposalExpired expired -> move(before(expired), Proposal.Status.EXPIRED);
      case Effect.ProposalCompleted _ -> move(Proposal.Status.ACCEPTED, Proposal.Status.COMPLETED);
      case Effect.ProposalDisputed _ -> move(Proposal.Status.ACCEPTED, Proposal.Status.DISPUTED);
      case CourtEffect.DisputeFiled _ -> move(Proposal.Status.ACCEPTED, Proposal.Status.CONTESTED);
      case CourtEffect.DisputeFellBack _ ->
          move(Proposal.Status.CONTESTED, Proposal.Status.ACCEPTED);
      case CourtEffect.VerdictReached _ ->
          move(Proposal.Status.CONTESTED, Proposal.Status.DISPUTED);
      case Effect.ReceiptIssued _ -> receipts++;
      case CourtEffect _,
          EscrowEffect _,
          Effect.DeploymentObserved _,
          Effect.LogNamed _,
          Effect.AgentKnown _,
          Effect.StakeEscrowed _,
          Effect.StakeSettled _,
          Effect.RatingChanged _,
          Effect.SkillsRegistered _,
          Effect.KeyRotated _,
          Effect.KeyRevoked _,
          Effect.RatingsCommitted _,
          Effect.Refused _ -> {}
    }
  }

  /// An expired proposal has its acceptance among its legs, or never had one.
  private static Proposal.Status before(Effect.ProposalExpired expired) {
    return expired.proposal().legs().size() == 1
        ? Proposal.Status.PENDING
        : Proposal.Status.ACCEPTED;
  }

  private void move(Proposal.Status before, Proposal.Status after) {
    count(before, -1);
    count(after, 1);
  }

  private void count(Proposal.Status status, long more) {
    proposals.merge(status, more, Long::sum);
  }

  /// In the order of [Proposal.Status].
  Map<Proposal.Status, Long> proposals() {
    return new EnumMap<>(proposals);
  }

  long receipts() {
    return receipts;
  }
}
