package org.agentchat.ledger;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.agentchat.schemas.event.EventCodec;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.message.EloStakes;
import org.agentchat.schemas.receipt.Receipt;
import org.agentchat.schemas.statement.Statement;
import org.agentchat.schemas.statement.Verdict;
import org.jspecify.annotations.Nullable;

/// Makes the receipt of a finished deal.
final class Receipts {
  private Receipts() {}

  static Receipt of(Proposal ended, Settlement settlement, boolean cooldown, String origin) {
    Proposal.Leg last = ended.legs().getLast();
    AgentId by = last.event().signed().key().id();
    Statement end = last.event().signed().statement();
    boolean disputed = end instanceof Statement.Dispute;
    return new Receipt(
        end.type(),
        ended.changedAt(),
        ended.id(),
        ended.status().word(),
        ended.from(),
        ended.to(),
        disputed ? null : by,
        disputed ? null : ended.changedAt(),
        disputed ? by : null,
        disputed ? ended.changedAt() : null,
        end instanceof Statement.Complete complete ? complete.proof() : null,
        end instanceof Statement.Dispute dispute ? dispute.reason() : null,
        null,
        null,
        null,
        null,
        new EloStakes(ended.proposerStake(), ended.acceptorStake()),
        settlement.wire(),
        cooldown,
        terms(ended),
        escrow(ended),
        origin,
        last.index(),
        ended.legs().stream().map(Receipts::leg).toList());
  }

  /// Names who filed the case and who judged it as they are called now, as the ratings are.
  ///
  /// @param settlement of the case that ended the deal
  /// @param index of the entry that let the panel's time be up, or of the last vote
  static Receipt ofVerdict(
      Proposal ended, CourtSettlement settlement, Accounts accounts, long index, String origin) {
    Dispute resolved = settlement.dispute();
    Verdict verdict = Objects.requireNonNull(resolved.verdict(), resolved.id());
    return new Receipt(
        "VERDICT",
        ended.changedAt(),
        ended.id(),
        ended.status().word(),
        ended.from(),
        ended.to(),
        null,
        null,
        accounts.get(resolved.disputant()).id(),
        ended.changedAt(),
        null,
        resolved.intent().reason(),
        resolved.id(),
        verdict,
        resolved.results().stream()
            .map(result -> result.by(accounts.get(result.arbiter()).id()))
            .toList(),
        Dispute.feeLost(verdict),
        new EloStakes(ended.proposerStake(), ended.acceptorStake()),
        settlement.wire(),
        false,
        terms(ended),
        escrow(ended),
        origin,
        index,
        ended.legs().stream().map(Receipts::leg).toList());
  }

  private static Receipt.Terms terms(Proposal ended) {
    Statement.Proposal terms = ended.terms();
    return new Receipt.Terms(
        ended.from(),
        ended.to(),
        terms.task(),
        terms.amount(),
        terms.currency(),
        terms.paymentCode(),
        terms.terms(),
        terms.capability(),
        terms.escrow(),
        ended.openedAt());
  }

  /// A deal that demands money is finished only once that is locked.
  private static Receipt.@Nullable Escrow escrow(Proposal ended) {
    Escrow escrow = ended.escrow();
    if (escrow == null) {
      return null;
    }
    Escrow.Sighting locked = Objects.requireNonNull(escrow.locked(), ended.id());
    return new Receipt.Escrow(
        escrow.id(),
        escrow.payer().address(),
        escrow.payee().address(),
        escrow.payer().index(),
        escrow.payee().index(),
        locked.index());
  }

  private static Receipt.Leg leg(Proposal.Leg leg) {
    return new Receipt.Leg(
        leg.event().signed().statement().type(),
        leg.index(),
        leg.hash().toString(),
        leg.event().signed().key().id(),
        leg.event().signed().scheme().name(),
        new String(EventCodec.encode(leg.event()), StandardCharsets.UTF_8));
  }
}
