package org.agentchat.hooks;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.agentchat.ledger.Applied;
import org.agentchat.ledger.CourtEffect;
import org.agentchat.ledger.Deployment;
import org.agentchat.ledger.Effect;
import org.agentchat.ledger.EscrowEffect;
import org.agentchat.ledger.Ledger;
import org.agentchat.ledger.Proposal;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.receipt.Receipt;
import org.agentchat.schemas.statement.DeploymentStatement;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Says what an entry did in the words of hook authors. Pure.
///
/// Every payload begins with the name, the log's time and the deal, and ends with what a receiver
/// needs to check it against the log: `index`, `leaf_hash` and `origin`. What stands between is
/// [Payloads]'.
final class Notices {
  private final Applied applied;
  private final Ledger ledger;
  private final Payloads payloads;
  private final List<Notice> notices = new ArrayList<>();

  private Notices(Applied applied, Ledger ledger) {
    this.applied = applied;
    this.ledger = ledger;
    this.payloads = new Payloads(ledger);
  }

  /// The notices of an entry, in the order in which things came about.
  ///
  /// @param ledger the fold after the entry
  static List<Notice> of(Applied applied, Ledger ledger) {
    Notices notices = new Notices(applied, ledger);
    applied.effects().forEach(notices::add);
    return List.copyOf(notices.notices);
  }

  private void add(Effect effect) {
    switch (effect) {
      case Effect.ProposalOpened opened ->
          add(NoticeName.PROPOSAL_OPENED, opened.proposal(), payloads.offered(opened.proposal()));
      case Effect.ProposalAccepted taken ->
          add(NoticeName.PROPOSAL_ACCEPTED, taken.proposal(), payloads.accepted(taken.proposal()));
      case Effect.ProposalRejected declined ->
          add(
              NoticeName.PROPOSAL_REJECTED,
              declined.proposal(),
              payloads.rejected(declined.proposal()));
      case Effect.ProposalExpired lapsed ->
          add(NoticeName.PROPOSAL_EXPIRED, lapsed.proposal(), payloads.expired(lapsed.proposal()));
      case Effect.StakeEscrowed held ->
          add(NoticeName.ESCROW_CREATED, held.proposal(), payloads.escrowed(held.proposal()));
      case Effect.StakeSettled settled -> addReleased(settled.proposal());
      case Effect.ProposalCompleted completed -> addCompleted(completed);
      case Effect.ProposalDisputed disputed ->
          add(NoticeName.SETTLEMENT_DISPUTE, disputed.proposal(), payloads.disputed(disputed));
      case CourtEffect.VerdictReached judged ->
          add(NoticeName.SETTLEMENT_VERDICT, judged.proposal(), payloads.judged(judged));
      case Effect.ReceiptIssued issued -> add(issued.receipt());
      case EscrowEffect.EscrowLocked locked -> add(NoticeName.ESCROW_LOCKED, locked);
      case EscrowEffect.EscrowSettled settled -> add(NoticeName.ESCROW_SETTLED, settled);
      case EscrowEffect.EscrowRefunded refunded -> add(NoticeName.ESCROW_REFUNDED, refunded);
      case EscrowEffect.WalletBound bound -> add(bound);
      case Effect.DeploymentObserved observed -> add(observed);
      case Effect.LogNamed _,
          Effect.AgentKnown _,
          Effect.RatingChanged _,
          Effect.SkillsRegistered _,
          Effect.KeyRotated _,
          Effect.KeyRevoked _,
          Effect.RatingsCommitted _,
          Effect.Refused _,
          CourtEffect _ -> {}
    }
  }

  /// Points are settled at the end of every deal; only where the deal goes on they are released.
  private void addReleased(Proposal proposal) {
    if (proposal.status() == Proposal.Status.ACCEPTED) {
      add(NoticeName.ESCROW_RELEASED, proposal, payloads.released(proposal));
    }
  }

  /// As in the reference, a completion settles something only where something was at stake; all
  /// others are told of by their receipts.
  private void addCompleted(Effect.ProposalCompleted completed) {
    if (completed.changes().escrow() != null) {
      add(NoticeName.SETTLEMENT_COMPLETION, completed.proposal(), payloads.completed(completed));
    }
  }

  private void add(NoticeName name, Proposal proposal, ObjectNode fields) {
    add(name, proposal.id(), proposal.from(), proposal.to(), proposal.terms().capability(), fields);
  }

  private void add(Receipt receipt) {
    add(
        NoticeName.RECEIPT_ISSUED,
        receipt.proposalId(),
        receipt.from(),
        receipt.to(),
        receipt.proposal().capability(),
        payloads.receipt(receipt));
  }

  private void add(NoticeName name, EscrowEffect.Observed observed) {
    add(name, observed.proposal(), payloads.observed(observed));
  }

  /// Bindings of one agent are in order among themselves.
  private void add(EscrowEffect.WalletBound bound) {
    NoticeName name = NoticeName.WALLET_BOUND;
    AgentId owner = ledger.owner(bound.agent());
    add(name, owner.toString(), Set.of(owner), null, head(name).setAll(payloads.bound(bound)));
  }

  /// The deal may be forgotten by now; only deals of that capability have machines.
  private void add(Effect.DeploymentObserved observed) {
    NoticeName name =
        switch (observed.said()) {
          case DeploymentStatement.DeploymentRunning _ -> NoticeName.DEPLOYMENT_RUNNING;
          case DeploymentStatement.DeploymentClosed _ -> NoticeName.DEPLOYMENT_CLOSED;
          case DeploymentStatement.DeploymentFailed _ -> NoticeName.DEPLOYMENT_FAILED;
        };
    Deployment deployment = observed.deployment();
    add(
        name,
        deployment.proposalId(),
        deployment.from(),
        deployment.to(),
        DeploymentStatement.CAPABILITY,
        payloads.deployed(observed));
  }

  private void add(
      NoticeName name,
      String proposalId,
      AgentId from,
      AgentId to,
      @Nullable String capability,
      ObjectNode fields) {
    ObjectNode payload =
        head(name)
            .put("proposal_id", proposalId)
            .put("from_agent", from.toString())
            .put("to_agent", to.toString());
    Set<AgentId> agents = Stream.of(from, to).map(ledger::owner).collect(Collectors.toSet());
    add(name, proposalId, agents, capability, payload.setAll(fields));
  }

  private ObjectNode head(NoticeName name) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("event", name.word())
        .put("timestamp", applied.at());
  }

  private void add(
      NoticeName name,
      String subject,
      Set<AgentId> agents,
      @Nullable String capability,
      ObjectNode payload) {
    payload
        .put("index", applied.entry().index())
        .put("leaf_hash", applied.entry().hash().toString())
        .put("origin", ledger.origin().orElse(null));
    notices.add(new Notice(name, subject, agents, capability, payload));
  }
}
