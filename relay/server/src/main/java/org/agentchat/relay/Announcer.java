package org.agentchat.relay;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.agentchat.ledger.Applied;
import org.agentchat.ledger.CourtEffect;
import org.agentchat.ledger.Deployment;
import org.agentchat.ledger.Effect;
import org.agentchat.ledger.Entry;
import org.agentchat.ledger.EscrowEffect;
import org.agentchat.ledger.Proposal;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.json.JsonNumber;
import org.agentchat.schemas.message.DeploymentNotice;
import org.agentchat.schemas.message.EloStakes;
import org.agentchat.schemas.message.RatingChanges;
import org.agentchat.schemas.message.ServerMessage;
import org.agentchat.schemas.message.ServerMessageCodec;
import org.agentchat.schemas.statement.DeploymentStatement;
import org.agentchat.schemas.statement.Statement;

/// Tells the parties of a deal what the log says, whichever relay took the statement, or keeps it
/// for them in the [Backlog]. Runs on the tailer: it only queues frames. What #bounties is told is
/// left to the [Crier].
final class Announcer {
  private static final String BOUNTIES = "#bounties";

  private final Backlog backlog;
  private final Successors successors;
  private final CourtAnnouncer court;
  private final EscrowAnnouncer escrow;
  private final Crier crier;
  private final RelayClock clock;

  /// What the frames of the entry in hand bear: the time, or the log's when it is history.
  private long now;

  private boolean live;

  Announcer(Backlog backlog, Successors successors, Crier crier, RelayClock clock) {
    this.backlog = backlog;
    this.successors = successors;
    this.court = new CourtAnnouncer(backlog, successors);
    this.escrow = new EscrowAnnouncer(backlog, successors);
    this.crier = crier;
    this.clock = clock;
  }

  /// @param fresh false when the entry was in the log before this relay started
  void announce(Applied applied, boolean fresh) {
    long index = applied.entry().index();
    live = fresh;
    now = fresh ? clock.millis() : applied.at();
    for (Effect effect : applied.effects()) {
      switch (effect) {
        case Effect.ProposalOpened(Proposal proposal) -> opened(proposal, index);
        case Effect.ProposalAccepted(Proposal proposal) -> accepted(proposal, index);
        case Effect.ProposalRejected(Proposal proposal) ->
            send(List.of(proposal.from(), proposal.to()), index, rejected(proposal, index));
        case Effect.ProposalCompleted(Proposal proposal, AgentId by, RatingChanges changes) ->
            send(others(proposal, by), index, completed(proposal, by, changes, index));
        case Effect.ProposalDisputed(Proposal proposal, AgentId by, RatingChanges changes) ->
            send(others(proposal, by), index, disputed(proposal, by, changes, index));
        case Effect.ProposalExpired(Proposal proposal) ->
            send(List.of(proposal.from(), proposal.to()), index, expired(proposal, index));
        case Effect.KeyRotated(AgentKey old, AgentKey next) -> succeed(old.id(), next.id());
        case CourtEffect effectInCourt -> court.announce(effectInCourt, index, now);
        case EscrowEffect ofMoney -> escrow.announce(ofMoney, applied.entry(), now);
        case Effect.DeploymentObserved observed -> machines(observed, applied.entry());
        case Effect.LogNamed _,
            Effect.AgentKnown _,
            Effect.StakeEscrowed _,
            Effect.StakeSettled _,
            Effect.RatingChanged _,
            Effect.SkillsRegistered _,
            Effect.KeyRevoked _,
            Effect.ReceiptIssued _,
            Effect.RatingsCommitted _,
            Effect.Refused _ -> {}
      }
    }
    backlog.entryEnded(index);
  }

  private void opened(Proposal proposal, long index) {
    Statement.Proposal terms = proposal.terms();
    boolean limited = terms.expires() != null && terms.expires().value() > 0;
    send(
        List.of(proposal.to(), proposal.from()),
        index,
        new ServerMessage.Proposal(
            now,
            proposal.id(),
            proposal.id(),
            proposal.from(),
            proposal.to(),
            terms.task(),
            terms.amount(),
            terms.currency(),
            terms.paymentCode(),
            terms.terms(),
            limited ? proposal.expiresAt() : null,
            proposal.status().word(),
            proposal.openedAt(),
            signature(proposal),
            terms.eloStake(),
            terms.capability(),
            terms.escrow(),
            index));
    bounty(bountyText(proposal, terms));
  }

  private static String bountyText(Proposal proposal, Statement.Proposal terms) {
    StringBuilder text = new StringBuilder("[BOUNTY] ");
    text.append(proposal.from()).append(" → ").append(proposal.to());
    text.append(": \"").append(terms.task()).append('"');
    JsonNumber amount = terms.amount();
    if (amount != null && amount.value() > 0) {
      String unit = terms.currency() == null ? "ELO" : terms.currency();
      text.append(" (").append(amount).append(' ').append(unit).append(')');
    }
    if (terms.stake() > 0) {
      text.append(" [stake: ").append(terms.stake()).append(" ELO]");
    }
    return text.append(" — ").append(proposal.id()).toString();
  }

  private void accepted(Proposal proposal, long index) {
    Statement.Accept accept =
        (Statement.Accept) proposal.legs().getLast().event().signed().statement();
    send(
        List.of(proposal.from(), proposal.to()),
        index,
        new ServerMessage.Accept(
            now,
            proposal.id(),
            proposal.status().word(),
            proposal.changedAt(),
            proposal.from(),
            proposal.to(),
            accept.paymentCode(),
            signature(proposal),
            proposal.terms().eloStake(),
            accept.stake(),
            index));
    bounty(
        "[CLAIMED] "
            + proposal.id()
            + " accepted by "
            + proposal.to()
            + " — \""
            + proposal.terms().task()
            + '"');
  }

  private ServerMessage rejected(Proposal proposal, long index) {
    Statement.Reject reject =
        (Statement.Reject) proposal.legs().getLast().event().signed().statement();
    return new ServerMessage.Reject(
        now,
        proposal.id(),
        proposal.status().word(),
        proposal.changedAt(),
        proposal.from(),
        proposal.to(),
        reject.reason(),
        signature(proposal),
        index);
  }

  private ServerMessage completed(
      Proposal proposal, AgentId by, RatingChanges changes, long index) {
    Statement.Complete complete =
        (Statement.Complete) proposal.legs().getLast().event().signed().statement();
    return new ServerMessage.Complete(
        now,
        proposal.id(),
        proposal.status().word(),
        proposal.changedAt(),
        proposal.from(),
        proposal.to(),
        by,
        proposal.changedAt(),
        complete.proof(),
        signature(proposal),
        stakes(proposal),
        changes,
        index);
  }

  private ServerMessage disputed(Proposal proposal, AgentId by, RatingChanges changes, long index) {
    Statement.Dispute dispute =
        (Statement.Dispute) proposal.legs().getLast().event().signed().statement();
    return new ServerMessage.Dispute(
        now,
        proposal.id(),
        proposal.status().word(),
        proposal.changedAt(),
        proposal.from(),
        proposal.to(),
        by,
        proposal.changedAt(),
        dispute.reason(),
        signature(proposal),
        stakes(proposal),
        changes,
        index);
  }

  private ServerMessage expired(Proposal proposal, long index) {
    return new ServerMessage.Expired(
        now, proposal.id(), proposal.status().word(), proposal.from(), proposal.to(), index);
  }

  private void machines(Effect.DeploymentObserved observed, Entry entry) {
    Deployment of = observed.deployment();
    if (!(entry.content() instanceof Entry.Content.Sound(Event.Stated stated))) {
      throw new IllegalStateException("entry " + entry.index() + " says nothing of machines");
    }
    String signature = stated.signed().signature().base64();
    send(
        List.of(of.from(), of.to()),
        entry.index(),
        switch (observed.said()) {
          case DeploymentStatement.DeploymentRunning running ->
              new DeploymentNotice.DeploymentRunning(
                  now,
                  of.proposalId(),
                  of.from(),
                  of.to(),
                  running.network(),
                  running.lease(),
                  running.until(),
                  running.uris(),
                  signature,
                  entry.index());
          case DeploymentStatement.DeploymentClosed closed ->
              new DeploymentNotice.DeploymentClosed(
                  now,
                  of.proposalId(),
                  of.from(),
                  of.to(),
                  closed.network(),
                  closed.paid(),
                  closed.reason(),
                  signature,
                  entry.index());
          case DeploymentStatement.DeploymentFailed failed ->
              new DeploymentNotice.DeploymentFailed(
                  now,
                  of.proposalId(),
                  of.from(),
                  of.to(),
                  failed.network(),
                  failed.paid(),
                  failed.reason(),
                  signature,
                  entry.index());
        });
  }

  /// The other side first, then the one who acted.
  private List<AgentId> others(Proposal proposal, AgentId by) {
    boolean byProposer = successors.current(proposal.from()).equals(by);
    return List.of(byProposer ? proposal.to() : proposal.from(), by);
  }

  private static EloStakes stakes(Proposal proposal) {
    return new EloStakes(proposal.proposerStake(), proposal.acceptorStake());
  }

  private static String signature(Proposal proposal) {
    return proposal.legs().getLast().event().signed().signature().base64();
  }

  /// A deal is its account's business, whichever of the account's keys signed it.
  private void send(List<AgentId> to, long index, ServerMessage message) {
    byte[] frame = ServerMessageCodec.encode(message).getBytes(StandardCharsets.UTF_8);
    backlog.add(to.stream().map(successors::current).toList(), index, frame);
  }

  private void succeed(AgentId old, AgentId next) {
    successors.add(old, next);
    backlog.succeed(old, next);
  }

  private void bounty(String text) {
    if (live) {
      crier.post(BOUNTIES, text);
    }
  }
}
