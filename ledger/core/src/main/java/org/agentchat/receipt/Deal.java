package org.agentchat.receipt;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.agentchat.schemas.event.DisputeId;
import org.agentchat.schemas.event.ProposalId;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.statement.CourtStatement;
import org.agentchat.schemas.statement.Scheme;
import org.agentchat.schemas.statement.Statement;
import org.jspecify.annotations.Nullable;

/// The deal that legs tell of.
///
/// @param legs in the file's order; one PROPOSAL and one ACCEPT among them
record Deal(List<Leg> legs, KeyChain keys) {
  Deal {
    legs = List.copyOf(legs);
  }

  Leg proposal() {
    return legs(Statement.Proposal.class).getFirst();
  }

  Statement.Proposal terms() {
    return (Statement.Proposal) proposal().statement();
  }

  Statement.Accept acceptance() {
    return (Statement.Accept) legs(Statement.Accept.class).getFirst().statement();
  }

  /// The last statement.
  Leg end() {
    return legs.getLast();
  }

  /// The filing of the case.
  ///
  /// @throws java.util.NoSuchElementException if there is no case
  Leg intent() {
    return legs(CourtStatement.DisputeIntent.class).getFirst();
  }

  /// The statements of one kind.
  List<Leg> legs(Class<? extends Statement> kind) {
    return legs.stream().filter(leg -> kind.isInstance(leg.statement())).toList();
  }

  String id() {
    return ProposalId.of(proposal().hash());
  }

  /// The case's name; empty when there is none.
  String disputeId() {
    return legs(CourtStatement.DisputeIntent.class).stream()
        .map(intent -> DisputeId.of(intent.hash()))
        .findFirst()
        .orElse("");
  }

  /// Who signed it, by the first key of its account.
  AgentKey account(Leg leg) {
    return keys.first(leg.key());
  }

  AgentKey proposer() {
    return account(proposal());
  }

  /// Whom the relay took the proposal's `to` for; the proposer itself when it says nobody, which no
  /// deal allows.
  AgentKey recipient() {
    @Nullable AgentKey recipient = proposal().event().recipient();
    return recipient == null ? proposal().key() : keys.first(recipient);
  }

  /// Those who took the duty on.
  List<AgentKey> arbiters() {
    return legs(CourtStatement.ArbiterAccept.class).stream().map(this::account).toList();
  }

  /// The vote of an arbiter.
  Optional<CourtStatement.ArbiterVote> voteOf(AgentKey arbiter) {
    return legs(CourtStatement.ArbiterVote.class).stream()
        .filter(vote -> account(vote).equals(arbiter))
        .map(vote -> (CourtStatement.ArbiterVote) vote.statement())
        .findFirst();
  }

  /// Those who signed something under `agentchat/1`.
  List<Leg> joined() {
    List<Leg> joined = new ArrayList<>(legs);
    joined.removeIf(leg -> leg.scheme() instanceof Scheme.Bound);
    return joined;
  }
}
