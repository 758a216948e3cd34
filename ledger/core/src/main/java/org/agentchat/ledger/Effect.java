package org.agentchat.ledger;

import java.util.function.Supplier;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.message.RatingChanges;
import org.agentchat.schemas.receipt.Receipt;
import org.agentchat.schemas.statement.DeploymentStatement;
import org.jspecify.annotations.Nullable;

/// What applying one entry did. Facts, in the order in which they came about; those of deadlines
/// that the entry let fire come first.
public sealed interface Effect
    permits Effect.LogNamed,
        Effect.AgentKnown,
        Effect.ProposalOpened,
        Effect.ProposalAccepted,
        Effect.ProposalRejected,
        Effect.ProposalExpired,
        Effect.ProposalCompleted,
        Effect.ProposalDisputed,
        Effect.StakeEscrowed,
        Effect.StakeSettled,
        Effect.RatingChanged,
        Effect.SkillsRegistered,
        Effect.KeyRotated,
        Effect.KeyRevoked,
        Effect.ReceiptIssued,
        Effect.RatingsCommitted,
        Effect.DeploymentObserved,
        Effect.Refused,
        CourtEffect,
        EscrowEffect {
  /// The log has a name.
  record LogNamed(String origin) implements Effect {}

  /// A key was seen for the first time, owns its short name from now on, and opens an account.
  record AgentKnown(AgentKey key) implements Effect {}

  /// A proposal stands.
  record ProposalOpened(Proposal proposal) implements Effect {}

  /// A proposal was accepted.
  record ProposalAccepted(Proposal proposal) implements Effect {}

  /// A proposal was declined.
  record ProposalRejected(Proposal proposal) implements Effect {}

  /// A proposal or an accepted deal ran out of time.
  record ProposalExpired(Proposal proposal) implements Effect {}

  /// A deal was completed.
  record ProposalCompleted(Proposal proposal, AgentId by, RatingChanges changes)
      implements Effect {}

  /// A deal was disputed.
  record ProposalDisputed(Proposal proposal, AgentId by, RatingChanges changes) implements Effect {}

  /// Rating points are held until the deal ends.
  record StakeEscrowed(Proposal proposal) implements Effect {}

  /// Held rating points are free again, or went to the other side.
  ///
  /// @param winner who received the other side's stake; null when each side has its own back, or
  ///   when a verdict blames both and burns both
  /// @param amount what the winner received
  record StakeSettled(Proposal proposal, @Nullable AgentId winner, int amount) implements Effect {}

  /// A rating moved.
  ///
  /// @param change before the floor
  /// @param transactions finished deals, this one included unless a fee is all that moved
  /// @param capability the skill whose rating moved, or null for the agent's own
  record RatingChanged(
      AgentId agent,
      String proposalId,
      int oldRating,
      int newRating,
      int change,
      int transactions,
      @Nullable String capability)
      implements Effect {}

  /// An agent has said what it offers to do; its earlier list, if any, is gone.
  record SkillsRegistered(AgentId agent, Account.Registration registration) implements Effect {}

  /// Another key has taken a key's place in its account.
  record KeyRotated(AgentKey old, AgentKey next) implements Effect {}

  /// A key is not to be trusted any more, and nobody speaks for its account.
  record KeyRevoked(AgentKey key, @Nullable String reason) implements Effect {}

  /// A deal is finished and has a receipt. It is written when somebody asks for it: most who fold a
  /// log never do, and to write a deal's events down takes longer than to fold them.
  final class ReceiptIssued implements Effect {
    private final Supplier<Receipt> writing;

    /// @param writing gives the same receipt whenever it is asked
    ReceiptIssued(Supplier<Receipt> writing) {
      this.writing = writing;
    }

    /// The receipt, written anew.
    public Receipt receipt() {
      return writing.get();
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof ReceiptIssued issued && receipt().equals(issued.receipt());
    }

    @Override
    public int hashCode() {
      return receipt().hashCode();
    }

    @Override
    public String toString() {
      return "ReceiptIssued[" + receipt() + "]";
    }
  }

  /// A ledger has committed to the ratings after the first so many entries, and the root is true.
  ///
  /// @param root of the rating map, 64 hexadecimal digits
  record RatingsCommitted(long size, String root) implements Effect {}

  /// The acceptor of a deal said something of the machines that it rents for it.
  ///
  /// @param by the key that signed
  record DeploymentObserved(Deployment deployment, AgentId by, DeploymentStatement said)
      implements Effect {}

  /// The event changed nothing.
  record Refused(Refusal refusal) implements Effect {}
}
