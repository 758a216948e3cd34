package org.agentchat.relay;

import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.agentchat.ledger.Applied;
import org.agentchat.ledger.CourtEffect;
import org.agentchat.ledger.Effect;
import org.agentchat.ledger.Proposal;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.json.JsonNumber;
import org.agentchat.schemas.message.EloStakes;
import org.agentchat.schemas.message.RatingChanges;
import org.agentchat.schemas.message.ServerMessage;
import org.agentchat.schemas.statement.Statement;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells the parties of a deal what the log says, whichever relay took the statement. Runs on the
/// tailer: it only queues frames. What #bounties is told waits for the channel on a thread of its
/// own.
final class Announcer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Announcer.class);
  private static final String BOUNTIES = "#bounties";

  /// Announcements that wait for #bounties at the most; those beyond are dropped, for chat is no
  /// promise.
  private static final int MAX_BOUNTIES = 1_024;

  private final Directory directory;
  private final CourtAnnouncer court;
  private final Channels channels;
  private final RelayClock clock;
  private final RelayMetrics metrics;
  private final BlockingQueue<String> bounties = new ArrayBlockingQueue<>(MAX_BOUNTIES);
  private final Thread crier;

  Announcer(Directory directory, Channels channels, RelayClock clock, RelayMetrics metrics) {
    this.directory = directory;
    this.court = new CourtAnnouncer(directory, clock);
    this.channels = channels;
    this.clock = clock;
    this.metrics = metrics;
    this.crier = Thread.ofVirtual().name("bounties").unstarted(this::cry);
  }

  void start() {
    crier.start();
  }

  void announce(Applied applied) {
    long index = applied.entry().index();
    for (Effect effect : applied.effects()) {
      switch (effect) {
        case Effect.ProposalOpened(Proposal proposal) -> opened(proposal, index);
        case Effect.ProposalAccepted(Proposal proposal) -> accepted(proposal, index);
        case Effect.ProposalRejected(Proposal proposal) ->
            send(List.of(proposal.from(), proposal.to()), rejected(proposal, index));
        case Effect.ProposalCompleted(Proposal proposal, AgentId by, RatingChanges changes) ->
            send(others(proposal, by), completed(proposal, by, changes, index));
        case Effect.ProposalDisputed(Proposal proposal, AgentId by, RatingChanges changes) ->
            send(others(proposal, by), disputed(proposal, by, changes, index));
        case Effect.ProposalExpired(Proposal proposal) ->
            send(List.of(proposal.from(), proposal.to()), expired(proposal, index));
        case CourtEffect effectInCourt -> court.announce(effectInCourt, index);
        case Effect.LogNamed _,
            Effect.AgentKnown _,
            Effect.StakeEscrowed _,
            Effect.StakeSettled _,
            Effect.RatingChanged _,
            Effect.ReceiptIssued _,
            Effect.Refused _ -> {}
      }
    }
  }

  private void opened(Proposal proposal, long index) {
    Statement.Proposal terms = proposal.terms();
    boolean limited = terms.expires() != null && terms.expires().value() > 0;
    send(
        List.of(proposal.to(), proposal.from()),
        new ServerMessage.Proposal(
            clock.millis(),
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
        new ServerMessage.Accept(
            clock.millis(),
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
        clock.millis(),
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
        clock.millis(),
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
        clock.millis(),
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
        clock.millis(),
        proposal.id(),
        proposal.status().word(),
        proposal.from(),
        proposal.to(),
        index);
  }

  /// The other side first, then the one who acted.
  private static List<AgentId> others(Proposal proposal, AgentId by) {
    return List.of(proposal.counterparty(by), by);
  }

  private static EloStakes stakes(Proposal proposal) {
    return new EloStakes(proposal.proposerStake(), proposal.acceptorStake());
  }

  private static String signature(Proposal proposal) {
    return proposal.legs().getLast().event().signed().signature().base64();
  }

  private void send(List<AgentId> to, ServerMessage message) {
    for (AgentId agent : to) {
      directory.find(agent).ifPresent(connection -> connection.send(message));
    }
  }

  private void bounty(String text) {
    if (!bounties.offer(text)) {
      metrics.bountyDropped();
    }
  }

  private void cry() {
    try {
      while (true) {
        String text = bounties.take();
        channels.announce(BOUNTIES, new Answers(clock, null).serverMessage(BOUNTIES, text));
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.error("a bug ends the announcements in {}", BOUNTIES, e);
    }
  }

  /// Announces no more bounties.
  @Override
  public void close() {
    crier.interrupt();
    Threads.join(crier);
  }
}
