package org.agentchat.relay;

import java.nio.charset.StandardCharsets;
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
import org.agentchat.schemas.message.ServerMessageCodec;
import org.agentchat.schemas.statement.CourtStatement;
import org.agentchat.schemas.statement.Statement;
import org.agentchat.schemas.statement.Verdict;
import org.jspecify.annotations.Nullable;

/// Tells the parties and the arbiters of a case what the log says, whichever relay took the
/// statement (protocol.md section 12), or keeps it for them in the [Backlog]. The fold knows
/// accounts by their first names; the frames say how agents are called now. Runs on the tailer: it
/// only queues frames.
final class CourtAnnouncer {
  /// As JavaScript writes an instant: always with milliseconds.
  private static final DateTimeFormatter ISO =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final Backlog backlog;
  private final Successors successors;

  /// What the frames of the effect in hand bear.
  private long now;

  CourtAnnouncer(Backlog backlog, Successors successors) {
    this.backlog = backlog;
    this.successors = successors;
  }

  /// @param at the time that the frames bear, milliseconds since 1970
  void announce(CourtEffect effect, long index, long at) {
    now = at;
    switch (effect) {
      case CourtEffect.DisputeFiled(Dispute dispute, _) -> filed(dispute, index);
      case CourtEffect.PanelFormed(Dispute dispute) -> formed(dispute, index);
      case CourtEffect.ArbiterReplaced(Dispute dispute, _, Seat seat) ->
          send(List.of(seat.arbiter()), index, assigned(dispute, seat, index));
      case CourtEffect.EvidenceOpened(Dispute dispute) -> evidenceOpened(dispute, index);
      case CourtEffect.EvidenceGiven(Dispute dispute, AgentId from, int items) ->
          send(
              everybody(dispute),
              index,
              new CourtMessage.EvidenceReceived(
                  now, dispute.id(), successors.current(from), items, index));
      case CourtEffect.VotingOpened(Dispute dispute, Proposal proposal) ->
          send(dispute.panel().arbiters(), index, ready(dispute, proposal, index));
      case CourtEffect.VerdictReached(Dispute dispute, _, RatingChanges changes) ->
          judged(dispute, changes, index);
      case CourtEffect.DisputeFellBack(Dispute dispute, _, _) ->
          send(
              everybodyAsked(dispute),
              index,
              new CourtMessage.DisputeFallback(
                  now,
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
        index,
        new CourtMessage.DisputeIntentAck(
            now, dispute.id(), dispute.proposalId(), dispute.panel().commitment(), index));
    say(
        dispute.respondent(),
        index,
        "Dispute filed against proposal "
            + dispute.proposalId()
            + " by "
            + disputant(dispute)
            + ". Agentcourt panel arbitration in progress.");
  }

  private void formed(Dispute dispute, long index) {
    String seed = Objects.requireNonNull(dispute.panel().seed(), dispute.id());
    List<Seat> seats = dispute.panel().seats();
    send(
        parties(dispute),
        index,
        new CourtMessage.PanelFormed(
            now,
            dispute.id(),
            dispute.proposalId(),
            seats.stream().map(Seat::arbiter).map(successors::current).toList(),
            disputant(dispute),
            respondent(dispute),
            null,
            null,
            seed,
            Objects.requireNonNull(dispute.panel().nonce(), dispute.id()),
            index));
    seats.forEach(seat -> send(List.of(seat.arbiter()), index, assigned(dispute, seat, index)));
    send(
        List.of(dispute.disputant()),
        index,
        new CourtMessage.DisputeRevealed(now, dispute.id(), seats.size(), seed, index));
  }

  private ServerMessage assigned(Dispute dispute, Seat seat, long index) {
    return new CourtMessage.ArbiterAssigned(
        now,
        dispute.id(),
        dispute.proposalId(),
        disputant(dispute),
        respondent(dispute),
        dispute.intent().reason(),
        seat.respondBy(),
        seat.replacements() > 0 ? true : null,
        index);
  }

  private void evidenceOpened(Dispute dispute, long index) {
    String text =
        "All arbiters accepted. Evidence period open until "
            + ISO.format(Instant.ofEpochMilli(dispute.due()))
            + ". Submit your evidence now.";
    parties(dispute).forEach(party -> say(party, index, text));
  }

  private ServerMessage ready(Dispute dispute, Proposal proposal, long index) {
    Statement.Proposal terms = proposal.terms();
    return new CourtMessage.CaseReady(
        now,
        dispute.id(),
        new CourtMessage.CaseProposal(
            proposal.id(),
            proposal.from(),
            proposal.to(),
            terms.task(),
            terms.amount(),
            terms.currency()),
        disputant(dispute),
        evidence(dispute, dispute.disputant()),
        respondent(dispute),
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
        index,
        new CourtMessage.VerdictGiven(
            now,
            dispute.id(),
            dispute.proposalId(),
            verdict,
            votes(dispute),
            results(dispute),
            dispute.changedAt(),
            index));
    send(
        everybody(dispute),
        index,
        new CourtMessage.SettlementComplete(
            now, dispute.id(), dispute.proposalId(), verdict, changes, index));
  }

  private List<CourtMessage.CastVote> votes(Dispute dispute) {
    List<CourtMessage.CastVote> votes = new ArrayList<>();
    for (ArbiterResult result : results(dispute)) {
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

  private AgentId disputant(Dispute dispute) {
    return successors.current(dispute.disputant());
  }

  private AgentId respondent(Dispute dispute) {
    return successors.current(dispute.respondent());
  }

  private List<ArbiterResult> results(Dispute dispute) {
    return dispute.results().stream()
        .map(result -> result.by(successors.current(result.arbiter())))
        .toList();
  }

  private void say(AgentId to, long index, String text) {
    String name = successors.current(to).toString();
    send(List.of(to), index, new Answers(() -> now, null).serverMessage(name, text));
  }

  private void send(List<AgentId> to, long index, ServerMessage message) {
    byte[] frame = ServerMessageCodec.encode(message).getBytes(StandardCharsets.UTF_8);
    backlog.add(to.stream().map(successors::current).toList(), index, frame);
  }
}
