package org.agentchat.relay;

import java.util.List;
import java.util.Optional;
import org.agentchat.ledger.Proposal;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.event.EventCodec;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.identity.Sha256;
import org.agentchat.schemas.json.JsonText;
import org.agentchat.schemas.statement.CourtStatement;
import org.agentchat.schemas.statement.KeyStatement;
import org.agentchat.schemas.statement.RegisterSkills;
import org.agentchat.schemas.statement.Statement;

/// What agents of a simulated world state, here and at another relay of the log.
///
/// @param others everybody but who only listens
record MarketActs(Market market, List<Seat> others) {
  /// So many deals are talked about: the last.
  private static final int REMEMBERED = 12;

  private Crowd crowd() {
    return market.crowd();
  }

  void any() {
    if (crowd().chance(12)) {
      search();
    } else {
      state();
    }
  }

  private void search() {
    Seat seat = crowd().anySeat(others);
    String capability = capability();
    market
        .onlookers()
        .act(
            "search " + capability + " by " + seat,
            e -> market.model().search(e, seat, capability),
            () ->
                seat.peer.send(
                    "{\"type\":\"SEARCH_SKILLS\",\"query\":{\"capability\":\"%s\"}}"
                        .formatted(capability)));
  }

  private String capability() {
    return "skill-" + crowd().number(3);
  }

  private void state() {
    List<Proposal> deals = market.onlookers().deals();
    List<Proposal> last = deals.subList(Math.max(0, deals.size() - REMEMBERED), deals.size());
    Optional<Proposal> deal =
        last.isEmpty() || crowd().chance(3) ? Optional.empty() : Optional.of(crowd().any(last));
    Seat seat = deal.flatMap(this::party).orElseGet(() -> crowd().anySeat(others));
    market.state(seat, deal.map(this::aboutDeal).orElseGet(() -> ofOneself(Market.signer(seat))));
  }

  private boolean isOpen(Proposal deal) {
    return market
        .relay()
        .fold()
        .proposal(deal.id())
        .filter(known -> known.status() == Proposal.Status.PENDING)
        .isPresent();
  }

  /// One of the two sides, if it is here.
  private Optional<Seat> party(Proposal deal) {
    AgentId side = crowd().chance(isOpen(deal) ? 6 : 2) ? deal.from() : deal.to();
    return market.here(side);
  }

  private Statement aboutDeal(Proposal deal) {
    String id = deal.id();
    return switch (isOpen(deal) ? crowd().number(8) : 3 + crowd().number(8)) {
      case 0, 1, 2, 3 -> new Statement.Accept(id, null, null);
      case 4 -> new Statement.Reject(id, crowd().text());
      case 5, 6, 7 -> new Statement.Complete(id, null);
      case 8, 9 -> new Statement.Dispute(id, crowd().text());
      default -> new CourtStatement.DisputeIntent(id, crowd().text(), Sha256.hex("unknown"));
    };
  }

  private Statement ofOneself(Identity signer) {
    return switch (crowd().number(12)) {
      case 0, 1 -> new RegisterSkills(new JsonText("[{\"capability\":\"" + capability() + "\"}]"));
      case 2 -> KeyStatement.RotateKey.of(signer, successor(), SimulatedRelay.ORIGIN);
      case 3 -> crowd().chance(2) ? new KeyStatement.RevokeKey(crowd().text()) : offer();
      default -> offer();
    };
  }

  private Statement offer() {
    return new Statement.Proposal(
        crowd().anyone(others),
        crowd().text(),
        null,
        null,
        null,
        null,
        null,
        crowd().chance(3) ? 10 : null,
        null);
  }

  /// Mostly a key that nobody has used; at times one whose owner is here already as somebody else.
  private Identity successor() {
    List<Identity> newcomers =
        others.stream()
            .filter(Seat::isIn)
            .flatMap(seat -> Optional.ofNullable(seat.identity).stream())
            .filter(identity -> market.relay().fold().account(identity.id()).isEmpty())
            .toList();
    if (!newcomers.isEmpty() && crowd().chance(2)) {
      return crowd().any(newcomers);
    }
    return crowd().chance(5) ? crowd().anybody() : crowd().fresh();
  }

  /// Another relay of the log, which bans nobody, records what somebody says of its key.
  void elsewhere() {
    Identity old = crowd().chance(2) ? crowd().anybody() : crowd().somebodyBanned(market.model());
    Statement statement =
        crowd().chance(10)
            ? new KeyStatement.RevokeKey(crowd().text())
            : KeyStatement.RotateKey.of(old, successor(), SimulatedRelay.ORIGIN);
    Event event =
        new Event.Stated(market.relay().now(), "other-relay", market.signed(old, statement), null);
    market
        .onlookers()
        .act(
            statement.type() + " of " + old.name() + " elsewhere",
            _ -> {},
            () -> market.relay().log().append(EventCodec.encode(event)).join());
  }
}
