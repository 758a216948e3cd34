package org.agentchat.relay;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.agentchat.ledger.CourtEffect;
import org.agentchat.ledger.Dispute;
import org.agentchat.ledger.Proposal;
import org.agentchat.ledger.Seat;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.message.ArbiterResult;
import org.agentchat.schemas.message.CourtMessage;
import org.agentchat.schemas.message.RatingChanges;
import org.agentchat.schemas.message.ServerMessage;
import org.agentchat.schemas.statement.CourtStatement;
import org.agentchat.schemas.statement.Statement;
import org.agentchat.schemas.statement.Verdict;
import org.jspecify.annotations.Nullable;

/// Tells the parties and the arbiters of a case what the log says, whichever relay took the
/// statement (protocol.md section 12). Runs on the tailer: it only queues frames.
final class CourtAnnouncer {
  /// As JavaScript writes an instant: always with milliseconds.
  private static final DateTimeFormatter ISO =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final Directory directory;
  private final RelayClock clock;

  CourtAnnouncer(Directory directory, RelayClock clock) {
    this.directory = directory;
    this.clock = clock;
  }

  void announce(CourtEffect effect, long index) {
    switch (effect) {
      case CourtEffect.DisputeFiled(Dispute dispute, _) -> filed(dispute, index);
      case CourtEffect.PanelFormed(Dispute dispute) -> formed(dispute, index);
      case CourtEffect.ArbiterReplaced(Dispute dispute, _, Seat seat) ->
          send(List.of(seat.arbiter()), assigned(dispute, seat, index));
      case CourtEffect.EvidenceOpened(Dispute dispute) -> evidenceOpened(dispute);
      case CourtEffect.EvidenceGiven(Dispute dispute, AgentId from, int items) ->
          send(
              everybody(dispute),
              new CourtMessage.EvidenceReceived(clock.millis(), dispute.id(), from, items, index));
      case CourtEffect.VotingOpened(Dispute dispute, Proposal proposal) ->
          send(dispute.panel().arbiters(), ready(dispute, proposal, index));
      case CourtEffect.VerdictReached(Dispute dispute, _, RatingChanges changes) ->
          judged(dispute, changes, index);
      case CourtEffect.DisputeFellBack(Dispute dispute, _, _) ->
          send(
              everybodyAsked(dispute),
              new CourtMessage.DisputeFallback(
                  clock.millis(),
                  dispute.id(),
                  dispute.proposalId(),
                  Objects.requireNonNull(dispute.fallback(), dispute.id()),
                  index));
      case CourtEffect.NonceRevealed _, CourtEffect.ArbiterAccepted _, CourtEffect.VoteCast _ -> {}
    }
  }

  private void filed(Dispute dispute, long index) {
    send(
        List.of(dispute.disputant()),
        new CourtMessage.DisputeIntentAck(
            clock.millis(),
            dispute.id(),
            dispute.proposalId(),
            dispute.panel().commitment(),
            index));
    say(
        dispute.respondent(),
        "Dispute filed against proposal "
            + dispute.proposalId()
            + " by "
            + dispute.disputant()
            + ". Agentcourt panel arbitration in progress.");
  }

  private void formed(Dispute dispute, long index) {
    String seed = Objects.requireNonNull(dispute.panel().seed(), dispute.id());
    List<Seat> seats = dispute.panel().seats();
    send(
        parties(dispute),
        new CourtMessage.PanelFormed(
            clock.millis(),
            dispute.id(),
            dispute.proposalId(),
            seats.stream().map(Seat::arbiter).toList(),
            dispute.disputant(),
            dispute.respondent(),
            null,
            null,
            seed,
            Objects.requireNonNull(dispute.panel().nonce(), dispute.id()),
            index));
    seats.forEach(seat -> send(List.of(seat.arbiter()), assigned(dispute, seat, index)));
    send(
        List.of(dispute.disputant()),
        new CourtMessage.DisputeRevealed(clock.millis(), dispute.id(), seats.size(), seed, index));
  }

  private ServerMessage assigned(Dispute dispute, Seat seat, long index) {
    return new CourtMessage.ArbiterAssigned(
        clock.millis(),
        dispute.id(),
        dispute.proposalId(),
        dispute.disputant(),
        dispute.respondent(),
        dispute.intent().reason(),
        seat.respondBy(),
        seat.replacements() > 0 ? true : null,
        index);
  }

  private void evidenceOpened(Dispute dispute) {
    String text =
        "All arbiters accepted. Evidence period open until "
            + ISO.format(Instant.ofEpochMilli(dispute.due()))
            + ". Submit your evidence now.";
    parties(dispute).forEach(party -> say(party, text));
  }

  private ServerMessage ready(Dispute dispute, Proposal proposal, long index) {
    Statement.Proposal terms = proposal.terms();
    return new CourtMessage.CaseReady(
        clock.millis(),
        dispute.id(),
        new CourtMessage.CaseProposal(
            proposal.id(),
            proposal.from(),
            proposal.to(),
            terms.task(),
            terms.amount(),
            terms.currency()),
        dispute.disputant(),
        evidence(dispute, dispute.disputant()),
        dispute.respondent(),
        evidence(dispute, dispute.respondent()),
        dispute.due(),
        index);
  }

  private static CourtMessage.@Nullable FiledEvidence evidence(Dispute dispute, AgentId party) {
    return dispute.evidenceOf(party).map(leg -> evidence(leg.event())).orElse(null);
  }

  private static CourtMessage.FiledEvidence evidence(Event.Stated event) {
    CourtStatement.Evidence said = (CourtStatement.Evidence) event.signed().statement();
    return new CourtMessage.FiledEvidence(
        said.hashedItems().valueStream().toList(),
        said.statement(),
        event.signed().signature().base64());
  }

  private void judged(Dispute dispute, RatingChanges changes, long index) {
    Verdict verdict = Objects.requireNonNull(dispute.verdict(), dispute.id());
    send(
        everybody(dispute),
        new CourtMessage.VerdictGiven(
            clock.millis(),
            dispute.id(),
            dispute.proposalId(),
            verdict,
            votes(dispute),
            dispute.results(),
            dispute.changedAt(),
            index));
    send(
        everybody(dispute),
        new CourtMessage.SettlementComplete(
            clock.millis(), dispute.id(), dispute.proposalId(), verdict, changes, index));
  }

  private static List<CourtMessage.CastVote> votes(Dispute dispute) {
    List<CourtMessage.CastVote> votes = new ArrayList<>();
    for (ArbiterResult result : dispute.results()) {
      if (result.verdict() != null && result.reasoning() != null) {
        votes.add(
            new CourtMessage.CastVote(result.arbiter(), result.verdict(), result.reasoning()));
      }
    }
    return votes;
  }

  private static List<AgentId> parties(Dispute dispute) {
    return List.of(dispute.disputant(), dispute.respondent());
  }

  /// The parties, and the arbiters who took the duty on.
  private static List<AgentId> everybody(Dispute dispute) {
    return with(dispute, dispute.panel().arbiters());
  }

  /// The parties, and whoever is still asked to judge.
  private static List<AgentId> everybodyAsked(Dispute dispute) {
    return with(dispute, dispute.panel().seats().stream().map(Seat::arbiter).toList());
  }

  private static List<AgentId> with(Dispute dispute, List<AgentId> more) {
    List<AgentId> all = new ArrayList<>(parties(dispute));
    all.addAll(more);
    return all;
  }

  private void say(AgentId to, String text) {
    send(List.of(to), new Answers(clock, null).serverMessage(to.toString(), text));
  }

  private void send(List<AgentId> to, ServerMessage message) {
    for (AgentId agent : to) {
      directory.find(agent).ifPresent(connection -> connection.send(message));
    }
  }
}
