package org.agentchat.relay;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.agentchat.ledger.Dispute;
import org.agentchat.ledger.Ledger;
import org.agentchat.ledger.Panel;
import org.agentchat.ledger.Proposal;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.Sha256;
import org.agentchat.schemas.json.JsonText;
import org.agentchat.schemas.statement.CourtStatement;
import org.agentchat.schemas.statement.Statement;
import org.agentchat.schemas.statement.Verdict;

/// What agents of a simulated world say in court. Mostly whoever is asked says what is wanted of
/// it, so that cases get somewhere; now and then somebody else does, or nobody in time.
///
/// @param others everybody but who only listens
record CourtActs(Market market, List<Seat> others) {
  /// Longer than anybody in a case has for anything.
  private static final Duration TOO_LONG = Duration.ofMinutes(61);

  /// So many cases may be open before nobody files one.
  private static final int ENOUGH = 2;

  /// Whether anybody has business in court.
  boolean isInSession() {
    return !open().isEmpty() || !contestable().isEmpty();
  }

  void any() {
    List<Dispute> open = open();
    List<Proposal> contestable = contestable();
    boolean more = !contestable.isEmpty() && open.size() < ENOUGH && crowd().chance(3);
    if (open.isEmpty() || more) {
      file(crowd().any(contestable));
    } else {
      goOn(crowd().any(open));
    }
  }

  private Crowd crowd() {
    return market.crowd();
  }

  private List<Dispute> open() {
    return market.relay().fold().disputes().stream().filter(c -> c.phase().isOpen()).toList();
  }

  /// Deals that one of the two sides could file a case over, and some are here who could judge it.
  private List<Proposal> contestable() {
    Ledger fold = market.relay().fold();
    List<AgentId> online = market.model().online();
    return fold.proposals().stream()
        .filter(deal -> deal.status() == Proposal.Status.ACCEPTED)
        .filter(deal -> !here(List.of(deal.from(), deal.to())).isEmpty())
        .filter(deal -> fold.eligibleArbiters(online, deal).size() >= Panel.SIZE)
        .toList();
  }

  private List<Seat> here(List<AgentId> agents) {
    return agents.stream().flatMap(agent -> market.here(agent).stream()).toList();
  }

  private void file(Proposal deal) {
    String reason = crowd().text();
    say(
        List.of(deal.from(), deal.to()),
        new CourtStatement.DisputeIntent(deal.id(), reason, Sha256.hex(nonce(reason))));
  }

  /// What the author of that reason has committed to.
  private static String nonce(String reason) {
    return Sha256.hex(reason);
  }

  private void goOn(Dispute dispute) {
    String id = dispute.id();
    switch (dispute.phase()) {
      case INTENT -> {
        String nonce = crowd().chance(6) ? crowd().nonce() : nonce(dispute.intent().reason());
        say(
            List.of(dispute.disputant()),
            new CourtStatement.DisputeReveal(dispute.proposalId(), nonce));
      }
      case PANEL -> {
        Statement answer =
            crowd().chance(6)
                ? new CourtStatement.ArbiterDecline(id, crowd().chance(2) ? null : crowd().text())
                : new CourtStatement.ArbiterAccept(id);
        sayOrPass(asked(dispute), answer, 30);
      }
      case EVIDENCE ->
          sayOrPass(
              List.of(dispute.disputant(), dispute.respondent()),
              new CourtStatement.Evidence(id, new JsonText("[{\"value\":1}]"), crowd().text()),
              3);
      case VOTING ->
          sayOrPass(
              silent(dispute),
              new CourtStatement.ArbiterVote(
                  id, crowd().any(List.of(Verdict.values())), crowd().text()),
              20);
      case REVEALED, RESOLVED, FALLBACK ->
          throw new IllegalStateException(dispute.phase() + " waits for no agent");
    }
  }

  private static List<AgentId> asked(Dispute dispute) {
    return dispute.panel().seats().stream()
        .filter(place -> !place.isTaken())
        .map(place -> place.arbiter())
        .toList();
  }

  private static List<AgentId> silent(Dispute dispute) {
    return dispute.panel().seats().stream()
        .filter(place -> place.vote() == null)
        .map(place -> place.arbiter())
        .toList();
  }

  /// @param times nobody says anything in time once in so many times
  private void sayOrPass(List<AgentId> those, Statement statement, int times) {
    if (crowd().chance(times)) {
      pass();
    } else {
      say(those, statement);
    }
  }

  /// One of those says it who are here; somebody else, now and then and if none is.
  private void say(List<AgentId> those, Statement statement) {
    List<Seat> here = here(those);
    Optional<Seat> one =
        here.isEmpty() || crowd().chance(12) ? Optional.empty() : Optional.of(crowd().any(here));
    market.state(one.orElseGet(() -> crowd().anySeat(others)), statement);
  }

  private void pass() {
    market.onlookers().pass(TOO_LONG);
  }
}
