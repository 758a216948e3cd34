package org.agentchat.ledger.server;

import java.util.EnumMap;
import java.util.Map;
import org.agentchat.ledger.Applied;
import org.agentchat.ledger.CourtEffect;
import org.agentchat.ledger.Effect;
import org.agentchat.ledger.Escrow;
import org.agentchat.ledger.EscrowEffect;
import org.agentchat.ledger.Proposal;

/// Counts what the fold forgets after a day: proposals by status, escrows by phase, and receipts.
final class Tally {
  private final Map<Proposal.Status, Long> proposals = new EnumMap<>(Proposal.Status.class);
  private final Map<Escrow.Phase, Long> escrows = new EnumMap<>(Escrow.Phase.class);
  private long receipts;

  Tally() {
    for (Proposal.Status status : Proposal.Status.values()) {
      proposals.put(status, 0L);
    }
    for (Escrow.Phase phase : Escrow.Phase.values()) {
      escrows.put(phase, 0L);
    }
  }

  void add(Applied applied) {
    applied.effects().forEach(this::add);
  }

  private void add(Effect effect) {
    switch (effect) {
      case Effect.ProposalOpened _ -> count(Proposal.Status.PENDING, 1);
      case Effect.ProposalAccepted(Proposal proposal) -> {
        move(Proposal.Status.PENDING, Proposal.Status.ACCEPTED);
        if (proposal.escrow() != null) {
          count(Escrow.Phase.AWAITED, 1);
        }
      }
      case Effect.ProposalRejected _ -> move(Proposal.Status.PENDING, Proposal.Status.REJECTED);
      case Effect.ProposalExpired expired -> {
        move(before(expired), Proposal.Status.EXPIRED);
        Escrow escrow = expired.proposal().escrow();
        if (escrow != null && escrow.phase() == Escrow.Phase.LAPSED) {
          move(Escrow.Phase.AWAITED, Escrow.Phase.LAPSED);
        }
      }
      case Effect.ProposalCompleted _ -> move(Proposal.Status.ACCEPTED, Proposal.Status.COMPLETED);
      case Effect.ProposalDisputed _ -> move(Proposal.Status.ACCEPTED, Proposal.Status.DISPUTED);
      case CourtEffect.DisputeFiled _ -> move(Proposal.Status.ACCEPTED, Proposal.Status.CONTESTED);
      case CourtEffect.DisputeFellBack _ ->
          move(Proposal.Status.CONTESTED, Proposal.Status.ACCEPTED);
      case CourtEffect.VerdictReached _ ->
          move(Proposal.Status.CONTESTED, Proposal.Status.DISPUTED);
      case EscrowEffect.EscrowLocked _ -> move(Escrow.Phase.AWAITED, Escrow.Phase.LOCKED);
      case EscrowEffect.EscrowSettled _ -> move(Escrow.Phase.LOCKED, Escrow.Phase.SETTLED);
      case EscrowEffect.EscrowRefunded _ -> move(Escrow.Phase.LOCKED, Escrow.Phase.REFUNDED);
      case Effect.ReceiptIssued _ -> receipts++;
      case CourtEffect _,
          EscrowEffect.WalletBound _,
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

  private void move(Escrow.Phase before, Escrow.Phase after) {
    count(before, -1);
    count(after, 1);
  }

  private void count(Escrow.Phase phase, long more) {
    escrows.merge(phase, more, Long::sum);
  }

  /// In the order of [Escrow.Phase].
  Map<Escrow.Phase, Long> escrows() {
    return new EnumMap<>(escrows);
  }

  /// In the order of [Proposal.Status].
  Map<Proposal.Status, Long> proposals() {
    return new EnumMap<>(proposals);
  }

  long receipts() {
    return receipts;
  }
}
