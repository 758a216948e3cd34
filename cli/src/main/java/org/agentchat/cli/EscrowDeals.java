package org.agentchat.cli;

import java.util.List;
import java.util.Optional;
import org.agentchat.hooks.evm.Deal;
import org.agentchat.ledger.Applied;
import org.agentchat.ledger.CourtEffect;
import org.agentchat.ledger.Effect;
import org.agentchat.ledger.Entry;
import org.agentchat.ledger.EntryReader;
import org.agentchat.ledger.Escrow;
import org.agentchat.ledger.EscrowEffect;
import org.agentchat.ledger.Ledger;
import org.agentchat.ledger.Proposal;
import org.agentchat.ledger.VerifiedEvents;
import org.agentchat.log.LogSource;
import org.agentchat.schemas.event.LeafHash;
import org.agentchat.schemas.identity.Ed25519Verifier;
import org.jspecify.annotations.Nullable;

/// Finds a deal in a log by folding it: which wallets are in its escrow is for the log to say, not
/// for the ledger that serves it, since money goes where they are.
final class EscrowDeals {
  private final Ledger ledger = new Ledger();
  private final String proposalId;
  private @Nullable Proposal deal;
  private @Nullable LeafHash last;

  private EscrowDeals(String proposalId) {
    this.proposalId = proposalId;
  }

  /// A deal with escrow as the log has it.
  ///
  /// @param deal its escrow
  /// @param proposal how it stood when something was last said of it
  /// @param escrow the same of its money
  /// @param last the entry in which something was last said of it
  record Found(Deal deal, Proposal proposal, Escrow escrow, LeafHash last) {}

  /// Reads the whole log.
  ///
  /// @throws CommandFailure if there is no such deal, or it has no escrow
  static Found find(LogSource log, String proposalId) {
    EscrowDeals deals = new EscrowDeals(proposalId);
    deals.read(log);
    return deals.found();
  }

  /// The fold of a whole log.
  static Ledger fold(LogSource log) {
    EscrowDeals deals = new EscrowDeals("");
    deals.read(log);
    return deals.ledger;
  }

  private void read(LogSource log) {
    EntryReader reader = new EntryReader(new Ed25519Verifier(), new VerifiedEvents());
    try (EntryPipeline pipeline = new EntryPipeline(log, reader, 0, index -> false)) {
      for (List<Entry> page = pipeline.next(); !page.isEmpty(); page = pipeline.next()) {
        for (Entry entry : page) {
          note(ledger.apply(entry));
        }
      }
    }
  }

  private void note(Applied applied) {
    for (Effect effect : applied.effects()) {
      Optional<Proposal> changed = proposal(effect).filter(each -> each.id().equals(proposalId));
      if (changed.isPresent()) {
        deal = changed.get();
        last = applied.entry().hash();
      }
    }
  }

  private static Optional<Proposal> proposal(Effect effect) {
    return switch (effect) {
      case Effect.ProposalOpened opened -> Optional.of(opened.proposal());
      case Effect.ProposalAccepted accepted -> Optional.of(accepted.proposal());
      case Effect.ProposalRejected rejected -> Optional.of(rejected.proposal());
      case Effect.ProposalExpired expired -> Optional.of(expired.proposal());
      case Effect.ProposalCompleted completed -> Optional.of(completed.proposal());
      case Effect.ProposalDisputed disputed -> Optional.of(disputed.proposal());
      case CourtEffect.DisputeFiled filed -> Optional.of(filed.proposal());
      case CourtEffect.DisputeFellBack closed -> Optional.of(closed.proposal());
      case CourtEffect.VerdictReached judged -> Optional.of(judged.proposal());
      case EscrowEffect.Observed observed -> Optional.of(observed.proposal());
      default -> Optional.empty();
    };
  }

  private Found found() {
    Proposal found = deal;
    LeafHash leaf = last;
    if (found == null || leaf == null) {
      throw new CommandFailure(
          "PROPOSAL_NOT_FOUND", Exit.FAILED, "The log has no proposal " + proposalId);
    }
    Escrow escrow = found.escrow();
    if (escrow == null) {
      throw new CommandFailure(
          "NO_ESCROW",
          Exit.FAILED,
          found.terms().escrow() != null && found.status() == Proposal.Status.PENDING
              ? "The proposal has escrow terms, but it is not accepted yet: only then are both"
                  + " wallets known"
              : "The deal " + proposalId + " has no escrow");
    }
    return new Found(Deal.of(found).orElseThrow(), found, escrow, leaf);
  }
}
