package org.agentchat.receipt;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.statement.CourtStatement;
import org.agentchat.schemas.statement.DeploymentStatement;
import org.agentchat.schemas.statement.EscrowStatement;
import org.agentchat.schemas.statement.KeyStatement;
import org.agentchat.schemas.statement.RegisterSkills;
import org.agentchat.schemas.statement.Statement;

/// Whether the legs are one deal: every kind that its end needs and no other, all of them naming
/// the one proposal, by those who may say so, in the order in which that can be said.
final class DealCheck {
  private static final Kind PROPOSAL = new Kind("PROPOSAL", 0, 1, 1);
  private static final Kind ACCEPT = new Kind("ACCEPT", 1, 1, 1);
  private static final int PANEL = 3;

  private final Deal deal;

  /// How often a statement of a kind is made in one deal.
  ///
  /// @param rank when, compared with the others
  private record Kind(String type, int rank, int least, int most) {}

  private DealCheck(Deal deal) {
    this.deal = deal;
  }

  /// The deal of these legs.
  static Deal check(String type, List<Leg> legs, KeyChain keys) throws RejectedReceiptException {
    List<Kind> kinds = kinds(type);
    requireKinds(kinds, legs);
    Deal deal = new Deal(legs, keys);
    DealCheck check = new DealCheck(deal);
    check.requireOneDeal();
    check.requireSigners();
    check.requireOrder(kinds);
    return deal;
  }

  private static List<Kind> kinds(String type) throws RejectedReceiptException {
    return switch (type) {
      case "COMPLETE", "DISPUTE" -> List.of(PROPOSAL, ACCEPT, new Kind(type, 2, 1, 1));
      case "VERDICT" ->
          List.of(
              PROPOSAL,
              ACCEPT,
              new Kind("DISPUTE_INTENT", 2, 1, 1),
              new Kind("DISPUTE_REVEAL", 3, 1, 1),
              new Kind("ARBITER_ACCEPT", 4, PANEL, PANEL),
              new Kind("ARBITER_DECLINE", 4, 0, 2 * PANEL),
              new Kind("EVIDENCE", 5, 0, 2),
              new Kind("ARBITER_VOTE", 6, 0, PANEL));
      default -> // a file may say anything
          throw new RejectedReceiptException(
              ReceiptCode.MALFORMED, "type: COMPLETE, DISPUTE or VERDICT wanted, found " + type);
    };
  }

  private static void requireKinds(List<Kind> kinds, List<Leg> legs)
      throws RejectedReceiptException {
    for (Kind kind : kinds) {
      long count = count(kind, legs);
      if (count < kind.least()) {
        throw new RejectedReceiptException(
            ReceiptCode.LEG_MISSING,
            "%d %s, %d wanted".formatted(count, kind.type(), kind.least()));
      }
    }
    List<String> types = kinds.stream().map(Kind::type).toList();
    for (Leg leg : legs) {
      if (!types.contains(leg.statement().type())) {
        throw foreign(leg, "such a deal has no statement of that kind");
      }
    }
    for (Kind kind : kinds) {
      if (count(kind, legs) > kind.most()) {
        throw new RejectedReceiptException(
            ReceiptCode.LEG_FOREIGN,
            "%d %s, at most %d wanted".formatted(count(kind, legs), kind.type(), kind.most()));
      }
    }
  }

  private static long count(Kind kind, List<Leg> legs) {
    return legs.stream().filter(leg -> leg.statement().type().equals(kind.type())).count();
  }

  /// A proposal's id is made of its own entry, so whoever signed it signed that entry.
  private void requireOneDeal() throws RejectedReceiptException {
    String proposal = deal.id();
    String dispute = deal.disputeId();
    for (Leg leg : deal.legs()) {
      String wanted = isOfCase(leg.statement()) ? dispute : proposal;
      Optional<String> named = named(leg.statement());
      if (named.isPresent() && !named.get().equals(wanted)) {
        throw foreign(leg, "it is about %s, not %s".formatted(named.get(), wanted));
      }
    }
  }

  private static boolean isOfCase(Statement statement) {
    return statement instanceof CourtStatement
        && !(statement instanceof CourtStatement.DisputeIntent)
        && !(statement instanceof CourtStatement.DisputeReveal);
  }

  /// The deal or the case that a statement is about.
  private static Optional<String> named(Statement statement) {
    return switch (statement) {
      case Statement.Accept accept -> Optional.of(accept.proposalId());
      case Statement.Complete complete -> Optional.of(complete.proposalId());
      case Statement.Dispute dispute -> Optional.of(dispute.proposalId());
      case Statement.Reject reject -> Optional.of(reject.proposalId());
      case CourtStatement.DisputeIntent intent -> Optional.of(intent.proposalId());
      case CourtStatement.DisputeReveal reveal -> Optional.of(reveal.proposalId());
      case CourtStatement.Evidence evidence -> Optional.of(evidence.disputeId());
      case CourtStatement.ArbiterAccept accept -> Optional.of(accept.disputeId());
      case CourtStatement.ArbiterDecline decline -> Optional.of(decline.disputeId());
      case CourtStatement.ArbiterVote vote -> Optional.of(vote.disputeId());
      case EscrowStatement.Observation seen -> Optional.of(seen.proposalId());
      case DeploymentStatement said -> Optional.of(said.proposalId());
      case Statement.Proposal _, RegisterSkills _, KeyStatement _, EscrowStatement.WalletBind _ ->
          Optional.empty();
    };
  }

  private void requireSigners() throws RejectedReceiptException {
    Set<List<Object>> said = new HashSet<>();
    for (Leg leg : deal.legs()) {
      deal.keys().requireInForce(leg);
      if (!mayBeBy(leg)) {
        throw foreign(
            leg,
            "the deal gives %s no say in this; if a key was rotated, the rotation must be in the"
                    .formatted(leg.key().id())
                + " file");
      }
      if (!said.add(List.of(leg.statement().type(), deal.account(leg)))) {
        throw foreign(leg, "it is there twice");
      }
    }
  }

  private boolean mayBeBy(Leg leg) {
    AgentKey account = deal.account(leg);
    boolean party = account.equals(deal.proposer()) || account.equals(deal.recipient());
    return switch (leg.statement()) {
      case Statement.Proposal proposal ->
          names(leg, proposal.to()) && !deal.recipient().equals(deal.proposer());
      case Statement.Accept _ -> account.equals(deal.recipient());
      case Statement.Complete _, Statement.Dispute _, CourtStatement.DisputeIntent _ -> party;
      case CourtStatement.DisputeReveal _ -> account.equals(deal.account(deal.intent()));
      case CourtStatement.Evidence _ -> party;
      case CourtStatement.ArbiterAccept _, CourtStatement.ArbiterDecline _ ->
          !party && isInPool(leg.key().id());
      case CourtStatement.ArbiterVote _ -> deal.arbiters().contains(account);
      case Statement.Reject _,
          RegisterSkills _,
          KeyStatement _,
          EscrowStatement _,
          DeploymentStatement _ ->
          false;
    };
  }

  /// Whether the relay recorded a key with the proposal that has the name that was signed.
  private static boolean names(Leg proposal, AgentId to) {
    AgentKey recipient = proposal.event().recipient();
    return recipient != null && recipient.id().equals(to);
  }

  private boolean isInPool(AgentId arbiter) {
    Event.Pool pool = deal.intent().event().pool();
    return pool != null
        && pool.agents().stream()
            .map(deal.keys()::first)
            .anyMatch(deal.keys().first(arbiter)::equals);
  }

  private void requireOrder(List<Kind> kinds) throws RejectedReceiptException {
    List<Leg> before = new ArrayList<>();
    for (Leg leg : deal.legs()) {
      for (Leg earlier : before) {
        if (earlier.index() >= leg.index() || rank(kinds, earlier) > rank(kinds, leg)) {
          throw new RejectedReceiptException(
              ReceiptCode.LEGS_OUT_OF_ORDER,
              "%s cannot come before %s".formatted(earlier.words(), leg.words()));
        }
      }
      before.add(leg);
    }
  }

  private static int rank(List<Kind> kinds, Leg leg) {
    return kinds.stream()
        .filter(kind -> kind.type().equals(leg.statement().type()))
        .mapToInt(Kind::rank)
        .findFirst()
        .orElse(0);
  }

  private static RejectedReceiptException foreign(Leg leg, String why) {
    return new RejectedReceiptException(ReceiptCode.LEG_FOREIGN, leg.words() + ": " + why);
  }
}
