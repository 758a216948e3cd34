package org.agentchat.receipt;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.agentchat.ledger.Dispute;
import org.agentchat.ledger.Panel;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.message.ArbiterResult;
import org.agentchat.schemas.message.EloStakes;
import org.agentchat.schemas.receipt.Receipt;
import org.agentchat.schemas.statement.CourtStatement;
import org.agentchat.schemas.statement.Statement;
import org.agentchat.schemas.statement.Verdict;
import org.jspecify.annotations.Nullable;

/// Whether the receipt says of its deal what follows from the statements. What follows only from
/// the whole log, ratings above all, is not looked at.
final class ClaimCheck {
  private final Receipt receipt;
  private final Deal deal;

  private ClaimCheck(Receipt receipt, Deal deal) {
    this.receipt = receipt;
    this.deal = deal;
  }

  static void check(Receipt receipt, Deal deal) throws RejectedReceiptException {
    ClaimCheck check = new ClaimCheck(receipt, deal);
    for (Leg leg : deal.legs()) {
      leg.requireOrigin(receipt.origin());
    }
    check.requireDeal();
    check.requireTerms();
    check.requireTimes();
    check.requireEnd();
  }

  private void requireDeal() throws RejectedReceiptException {
    same("proposal_id", receipt.proposalId(), deal.id());
    same("from", receipt.from(), deal.proposal().key().id());
    same("to", receipt.to(), deal.terms().to());
    requireIndex();
    EloStakes agreed = new EloStakes(deal.terms().stake(), deal.acceptance().stake());
    // Stakes are let go when an agreed time has passed; then the deal ends without any.
    boolean released = receipt.eloStakes().equals(new EloStakes(0, 0));
    same("elo_stakes", released ? agreed : receipt.eloStakes(), agreed);
  }

  /// The last leg ended the deal, unless the panel's time did: that is said by a later entry.
  private void requireIndex() throws RejectedReceiptException {
    long last = deal.end().index();
    long votes =
        deal.legs().stream()
            .filter(leg -> leg.statement() instanceof CourtStatement.ArbiterVote)
            .count();
    boolean timeIsUp = receipt.type().equals("VERDICT") && votes < Panel.SIZE;
    if (timeIsUp ? receipt.index() <= last : receipt.index() != last) {
      throw new RejectedReceiptException(
          ReceiptCode.WRONG_INDEX,
          "the receipt's index is %d, its last leg's %d".formatted(receipt.index(), last));
    }
  }

  private void requireTerms() throws RejectedReceiptException {
    Receipt.Terms claimed = receipt.proposal();
    Statement.Proposal terms = deal.terms();
    same("proposal.from", claimed.from(), receipt.from());
    same("proposal.to", claimed.to(), receipt.to());
    same("proposal.task", claimed.task(), terms.task());
    same("proposal.amount", claimed.amount(), terms.amount());
    same("proposal.currency", claimed.currency(), terms.currency());
    same("proposal.payment_code", claimed.paymentCode(), terms.paymentCode());
    same("proposal.terms", claimed.terms(), terms.terms());
    same("proposal.capability", claimed.capability(), terms.capability());
    same("proposal.escrow", claimed.escrow(), terms.escrow());
  }

  /// The log's clock is never behind an entry's own time.
  private void requireTimes() throws RejectedReceiptException {
    notBefore("proposal.created_at", receipt.proposal().createdAt(), deal.proposal());
    for (Leg leg : deal.legs()) {
      notBefore("ts", receipt.ts(), leg);
    }
    if (receipt.proposal().createdAt() > receipt.ts()) {
      throw differs(
          "proposal.created_at", receipt.proposal().createdAt(), "at most " + receipt.ts());
    }
  }

  private void notBefore(String name, long claimed, Leg leg) throws RejectedReceiptException {
    if (claimed < leg.event().at()) {
      throw differs(name, claimed, "at least %d of %s".formatted(leg.event().at(), leg.words()));
    }
  }

  private void requireEnd() throws RejectedReceiptException {
    boolean completed = receipt.type().equals("COMPLETE");
    same("status", receipt.status(), completed ? "completed" : "disputed");
    same("completed_at", receipt.completedAt(), completed ? receipt.ts() : null);
    same("disputed_at", receipt.disputedAt(), completed ? null : receipt.ts());
    requireCooldown();
    switch (deal.end().statement()) {
      case Statement.Complete complete -> requireEnd(deal.end().key().id(), complete.proof(), null);
      case Statement.Dispute dispute -> requireEnd(null, null, dispute.reason());
      default -> requireEnd(null, null, intent().reason()); // the last words of a case are many
    }
    requireCase();
  }

  /// Whether the pair was cooling down follows from the whole log; a verdict counts at any time.
  private void requireCooldown() throws RejectedReceiptException {
    boolean judged = receipt.type().equals("VERDICT");
    same("cooldown", receipt.cooldown(), !judged && receipt.cooldown());
  }

  private void requireEnd(
      @Nullable AgentId completedBy, @Nullable String proof, @Nullable String reason)
      throws RejectedReceiptException {
    same("completed_by", receipt.completedBy(), completedBy);
    same("proof", receipt.proof(), proof);
    same("reason", receipt.reason(), reason);
  }

  private CourtStatement.DisputeIntent intent() {
    return (CourtStatement.DisputeIntent) deal.intent().statement();
  }

  private void requireCase() throws RejectedReceiptException {
    boolean judged = receipt.type().equals("VERDICT");
    if (!judged) {
      boolean disputed = receipt.type().equals("DISPUTE");
      same("disputed_by", receipt.disputedBy(), disputed ? deal.end().key().id() : null);
    }
    Optional<Verdict> verdict = judged ? Optional.of(verdict()) : Optional.empty();
    same("dispute_id", receipt.disputeId(), judged ? deal.disputeId() : null);
    same("verdict", receipt.verdict(), verdict.orElse(null));
    same("fee_lost", receipt.feeLost(), verdict.map(Dispute::feeLost).orElse(null));
    if (judged) {
      // A case names everybody by the keys of its end.
      same("disputed_by", first(receipt.disputedBy()), first(deal.intent().key().id()));
      requireArbiters(verdict());
    } else {
      same("arbiters", receipt.arbiters(), null);
    }
  }

  private Verdict verdict() {
    return Dispute.majority(
        deal.legs(CourtStatement.ArbiterVote.class).stream()
            .map(leg -> ((CourtStatement.ArbiterVote) leg.statement()).verdict())
            .toList());
  }

  private @Nullable AgentId first(@Nullable AgentId id) {
    return id == null ? null : deal.keys().first(id);
  }

  private void requireArbiters(Verdict verdict) throws RejectedReceiptException {
    List<ArbiterResult> results = Objects.requireNonNullElse(receipt.arbiters(), List.of());
    Set<AgentId> named = new HashSet<>();
    results.forEach(result -> named.add(deal.keys().first(result.arbiter())));
    for (AgentKey arbiter : deal.arbiters()) {
      AgentId id = deal.keys().first(arbiter.id());
      if (!named.remove(id)) {
        throw differs("arbiters", receipt.arbiters(), id + " among them");
      }
      CourtStatement.ArbiterVote vote = deal.voteOf(arbiter).orElse(null);
      Verdict found = vote == null ? null : vote.verdict();
      for (ArbiterResult result : results) {
        if (deal.keys().first(result.arbiter()).equals(id)) {
          ArbiterResult wanted =
              new ArbiterResult(
                  result.arbiter(),
                  found,
                  vote == null ? null : vote.reasoning(),
                  Dispute.reward(found, verdict));
          same("arbiters." + result.arbiter(), result, wanted);
        }
      }
    }
    same("arbiters", results.size(), deal.arbiters().size());
  }

  private static void same(String name, @Nullable Object found, @Nullable Object wanted)
      throws RejectedReceiptException {
    if (!Objects.equals(found, wanted)) {
      throw differs(name, found, wanted);
    }
  }

  private static RejectedReceiptException differs(
      String name, @Nullable Object found, @Nullable Object wanted) {
    return new RejectedReceiptException(
        ReceiptCode.CLAIM_DIFFERS,
        "%s: the receipt says %s, the statements %s".formatted(name, words(found), words(wanted)));
  }

  private static String words(@Nullable Object value) {
    return value == null ? "nothing" : value.toString();
  }
}
