package org.agentchat.hooks;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.agentchat.ledger.CourtEffect;
import org.agentchat.ledger.Dispute;
import org.agentchat.ledger.Effect;
import org.agentchat.ledger.Escrow;
import org.agentchat.ledger.EscrowEffect;
import org.agentchat.ledger.Ledger;
import org.agentchat.ledger.Proposal;
import org.agentchat.ledger.Wallet;
import org.agentchat.schemas.escrow.EscrowTerms;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.json.JsonNumber;
import org.agentchat.schemas.message.RatingChange;
import org.agentchat.schemas.message.RatingChanges;
import org.agentchat.schemas.message.StakeOutcome;
import org.agentchat.schemas.receipt.Receipt;
import org.agentchat.schemas.statement.DeploymentStatement;
import org.agentchat.schemas.statement.Statement;
import org.agentchat.schemas.statement.Verdict;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.util.RawValue;

/// The fields of each notice's payload that are its own. Pure.
///
/// The five old ones keep the names, the order and the meaning of the reference's fields
/// (reputation.md section 8); its absent values are `null`, and what it leaves undefined is filled
/// in.
///
/// @param ledger knows whose a name is
record Payloads(Ledger ledger) {
  /// What stands in `fault_determination` when both sides are at fault.
  private static final String BOTH = "mutual";

  ObjectNode offered(Proposal proposal) {
    Statement.Proposal terms = proposal.terms();
    ObjectNode fields = object().put("task", terms.task());
    amount(fields, terms.amount())
        .put("currency", terms.currency())
        .put("payment_code", terms.paymentCode())
        .put("terms", terms.terms())
        .put("capability", terms.capability())
        .put("expires", expires(proposal))
        .put("proposer_stake", terms.stake());
    fields.set("escrow", escrow(proposal));
    return fields;
  }

  /// The money that a deal demands: what was offered, and once it is accepted by what the contract
  /// knows it and between whose wallets.
  private static @Nullable ObjectNode escrow(Proposal proposal) {
    EscrowTerms terms = proposal.terms().escrow();
    Escrow agreed = proposal.escrow();
    if (terms == null || agreed == null) {
      return terms == null ? null : terms.json();
    }
    return terms
        .json()
        .put("escrow_id", agreed.id().text())
        .put("payer", agreed.payer().address().text())
        .put("payee", agreed.payee().address().text());
  }

  ObjectNode accepted(Proposal proposal) {
    return offered(proposal)
        .put("acceptor_stake", proposal.acceptorStake())
        .put(
            "acceptor_payment_code",
            last(proposal, Statement.Accept.class).map(Statement.Accept::paymentCode).orElse(null));
  }

  ObjectNode rejected(Proposal proposal) {
    return object()
        .put(
            "reason",
            last(proposal, Statement.Reject.class).map(Statement.Reject::reason).orElse(null));
  }

  /// Says whether an offer lapsed or an accepted deal was given up.
  ObjectNode expired(Proposal proposal) {
    return object().put("expired", proposal.legs().size() == 1 ? "offer" : "deal");
  }

  ObjectNode escrowed(Proposal proposal) {
    Statement.Proposal terms = proposal.terms();
    ObjectNode fields =
        object()
            .put("proposer_stake", proposal.proposerStake())
            .put("acceptor_stake", proposal.acceptorStake())
            .put("total_stake", proposal.proposerStake() + proposal.acceptorStake())
            .put("task", terms.task());
    return amount(fields, terms.amount())
        .put("currency", terms.currency())
        .put("expires", expires(proposal))
        .put("escrow_id", proposal.id());
  }

  ObjectNode released(Proposal proposal) {
    ObjectNode fields = object();
    stakes(fields.putObject("stakes_released"), proposal);
    return fields.put("reason", "expired");
  }

  ObjectNode completed(Effect.ProposalCompleted completed) {
    Proposal proposal = completed.proposal();
    ObjectNode fields =
        object()
            .put("completed_by", completed.by().toString())
            .put(
                "completion_proof",
                last(proposal, Statement.Complete.class)
                    .map(Statement.Complete::proof)
                    .orElse(null))
            .put("settlement", "returned");
    stakes(fields.putObject("stakes_returned"), proposal);
    return ratings(fields, completed.changes());
  }

  ObjectNode disputed(Effect.ProposalDisputed disputed) {
    Proposal proposal = disputed.proposal();
    ObjectNode fields =
        object()
            .put("disputed_by", disputed.by().toString())
            .put(
                "dispute_reason",
                last(proposal, Statement.Dispute.class)
                    .map(Statement.Dispute::reason)
                    .orElse(null));
    AgentId blamed = isSame(disputed.by(), proposal.from()) ? proposal.to() : proposal.from();
    settled(fields, disputed.changes(), "disputed", blamed.toString());
    return ratings(fields, disputed.changes());
  }

  /// The reference's four fields, then those of a dispute, then the votes.
  ObjectNode judged(CourtEffect.VerdictReached judged) {
    Dispute dispute = judged.dispute();
    Proposal proposal = judged.proposal();
    Verdict verdict = Objects.requireNonNull(dispute.verdict(), dispute.id());
    boolean byProposer = isSame(dispute.disputant(), proposal.from());
    AgentId disputant = byProposer ? proposal.from() : proposal.to();
    AgentId respondent = byProposer ? proposal.to() : proposal.from();
    ObjectNode fields = object().put("dispute_id", dispute.id()).put("verdict", verdict.word());
    ratings(fields, judged.changes());
    fields
        .put("disputed_by", disputant.toString())
        .put("dispute_reason", dispute.intent().reason());
    String blamed =
        switch (verdict) {
          case DISPUTANT -> respondent.toString();
          case RESPONDENT -> disputant.toString();
          case MUTUAL -> BOTH;
        };
    settled(fields, judged.changes(), "verdict", blamed);
    fields.put("fee_lost", Dispute.feeLost(verdict));
    fields.set("arbiters", Json.mapper().valueToTree(dispute.results()));
    return fields;
  }

  /// What the observer says, then what was agreed. Nobody but the chain knows whether it is true.
  ObjectNode observed(EscrowEffect.Observed observed) {
    Escrow escrow = Objects.requireNonNull(observed.proposal().escrow(), observed.proposal().id());
    Escrow.Sighting last = escrow.ended() == null ? escrow.locked() : escrow.ended();
    ObjectNode fields = Objects.requireNonNull(last, escrow.id().text()).seen().json();
    fields.remove(List.of("type", "proposal_id"));
    return fields
        .put("observed_by", observed.by().toString())
        .put("payer", escrow.payer().address().text())
        .put("payee", escrow.payee().address().text())
        .put("token", escrow.terms().token().text())
        .put("locked_amount", escrow.terms().amount().toString());
  }

  /// What the acceptor says, and of what ended, what ran. Nobody but the network knows whether it
  /// is true.
  ObjectNode deployed(Effect.DeploymentObserved observed) {
    ObjectNode fields = observed.said().json();
    fields.remove(List.of("type", "proposal_id"));
    fields.put("deployed_by", observed.by().toString());
    return switch (observed.said()) {
      case DeploymentStatement.DeploymentClosed _ ->
          fields.put("lease", observed.deployment().lease());
      case DeploymentStatement.DeploymentRunning _, DeploymentStatement.DeploymentFailed _ ->
          fields;
    };
  }

  ObjectNode bound(EscrowEffect.WalletBound bound) {
    Wallet wallet = bound.wallet();
    return object()
        .put("agent", bound.agent().toString())
        .put("chain", bound.contract().chain().toString())
        .put("contract", bound.contract().address().text())
        .put("address", wallet.address().text())
        .put("not_after", wallet.notAfter())
        .put("claimed", wallet.claimed());
  }

  /// What a receipt says, without the texts of its legs: whoever wants those asks a ledger, and
  /// holds them against the leaf hashes.
  ObjectNode receipt(Receipt receipt) {
    Receipt.Terms terms = receipt.proposal();
    ObjectNode fields =
        object()
            .put("type", receipt.type())
            .put("status", receipt.status())
            .put("task", terms.task());
    amount(fields, terms.amount())
        .put("currency", terms.currency())
        .put("capability", terms.capability())
        .put("created_at", terms.createdAt())
        .put("completed_by", text(receipt.completedBy()))
        .put("proof", receipt.proof())
        .put("disputed_by", text(receipt.disputedBy()))
        .put("reason", receipt.reason())
        .put("dispute_id", receipt.disputeId())
        .put("verdict", receipt.verdict() == null ? null : receipt.verdict().word())
        .put("cooldown", receipt.cooldown());
    fields
        .putObject("stakes")
        .put("proposer", receipt.eloStakes().proposer())
        .put("acceptor", receipt.eloStakes().acceptor());
    ratings(fields, receipt.ratingChanges());
    ArrayNode legs = fields.putArray("legs");
    for (Receipt.Leg leg : receipt.legs()) {
      legs.addObject()
          .put("type", leg.type())
          .put("index", leg.index())
          .put("leaf_hash", leg.leafHash())
          .put("signer", leg.signer().toString())
          .put("scheme", leg.scheme());
    }
    return fields;
  }

  /// What the reference means to say of a settlement, and leaves undefined because it reads names
  /// that nobody writes.
  private static void settled(
      ObjectNode fields, RatingChanges changes, String reason, String blamed) {
    StakeOutcome outcome = Objects.requireNonNull(changes.escrow(), "a dispute settles stakes");
    fields
        .put("settlement", outcome.settlement())
        .put("settlement_reason", reason)
        .put("fault_determination", blamed)
        .put("stakes_transferred", Objects.requireNonNullElse(outcome.transferredAmount(), 0))
        .put("stakes_burned", Objects.requireNonNullElse(outcome.burnedAmount(), 0));
  }

  /// The agents' ratings alone: `_escrow` has fields of its own.
  private static ObjectNode ratings(ObjectNode fields, RatingChanges changes) {
    ObjectNode agents = fields.putObject("rating_changes");
    for (Map.Entry<String, RatingChange> agent : changes.agents().entrySet()) {
      agents.set(agent.getKey(), Json.mapper().valueToTree(agent.getValue()));
    }
    return fields;
  }

  private static void stakes(ObjectNode into, Proposal proposal) {
    into.put("proposer", proposal.proposerStake()).put("acceptor", proposal.acceptorStake());
  }

  /// When the offer lapses, if its author said so, milliseconds since 1970.
  private static @Nullable Long expires(Proposal proposal) {
    JsonNumber named = proposal.terms().expires();
    return named != null && named.value() > 0 ? proposal.expiresAt() : null;
  }

  /// As it was signed, digit by digit.
  private static ObjectNode amount(ObjectNode fields, @Nullable JsonNumber amount) {
    return amount == null
        ? fields.putNull("amount")
        : fields.putRawValue("amount", new RawValue(amount.text()));
  }

  private boolean isSame(AgentId one, AgentId other) {
    return ledger.owner(one).equals(ledger.owner(other));
  }

  private static @Nullable String text(@Nullable AgentId agent) {
    return agent == null ? null : agent.toString();
  }

  /// The statement that brought a deal to where it is now.
  private static <S extends Statement> Optional<S> last(Proposal proposal, Class<S> kind) {
    return Optional.of(proposal.legs().getLast().event().signed().statement())
        .filter(kind::isInstance)
        .map(kind::cast);
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }
}
