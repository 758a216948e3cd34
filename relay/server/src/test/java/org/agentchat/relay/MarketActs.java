package org.agentchat.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.agentchat.ledger.Entry;
import org.agentchat.ledger.Proposal;
import org.agentchat.log.LogRecord;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.event.EventCodec;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.identity.Sha256;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.json.JsonText;
import org.agentchat.schemas.message.ClientMessageCodec;
import org.agentchat.schemas.statement.CourtStatement;
import org.agentchat.schemas.statement.KeyStatement;
import org.agentchat.schemas.statement.RegisterSkills;
import org.agentchat.schemas.statement.Scheme;
import org.agentchat.schemas.statement.SignedStatement;
import org.agentchat.schemas.statement.Statement;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What agents of a simulated world state, here and at another relay of the log.
///
/// @param others everybody but who only listens
record MarketActs(
    Crowd crowd, SimulatedRelay relay, RelayModel model, Onlookers onlookers, List<Seat> others) {
  /// So many deals are talked about: the last.
  private static final int REMEMBERED = 12;

  private static final int MAX_READ = 1_000;

  void any() {
    List<Proposal> deals = onlookers.deals();
    List<Proposal> last = deals.subList(Math.max(0, deals.size() - REMEMBERED), deals.size());
    Optional<Proposal> deal =
        last.isEmpty() || crowd.chance(3) ? Optional.empty() : Optional.of(crowd.any(last));
    Seat seat = deal.flatMap(this::party).orElseGet(() -> crowd.anySeat(others));
    Identity signer = seat.identity == null ? Crowd.fake() : seat.identity;
    state(seat, signer, deal.map(this::aboutDeal).orElseGet(() -> ofOneself(signer)));
  }

  private boolean isOpen(Proposal deal) {
    return relay
        .fold()
        .proposal(deal.id())
        .filter(known -> known.status() == Proposal.Status.PENDING)
        .isPresent();
  }

  /// One of the two sides, if it is here.
  private Optional<Seat> party(Proposal deal) {
    AgentId side = crowd.chance(isOpen(deal) ? 6 : 2) ? deal.from() : deal.to();
    return model.names(side).stream().flatMap(name -> model.online(name).stream()).findFirst();
  }

  private Statement aboutDeal(Proposal deal) {
    String id = deal.id();
    return switch (crowd.number(8) + (isOpen(deal) ? 0 : 3)) {
      case 0, 1, 2, 3 -> new Statement.Accept(id, null, null);
      case 4 -> new Statement.Reject(id, crowd.text());
      case 5, 6, 7 -> new Statement.Complete(id, null);
      case 8 -> new Statement.Dispute(id, crowd.text());
      default -> new CourtStatement.DisputeIntent(id, crowd.text(), Sha256.hex(crowd.text()));
    };
  }

  private Statement ofOneself(Identity signer) {
    return switch (crowd.number(12)) {
      case 0, 1 ->
          new RegisterSkills(new JsonText("[{\"capability\":\"skill-" + crowd.number(3) + "\"}]"));
      case 2 -> KeyStatement.RotateKey.of(signer, successor(), SimulatedRelay.ORIGIN);
      case 3 -> crowd.chance(2) ? new KeyStatement.RevokeKey(crowd.text()) : offer();
      default -> offer();
    };
  }

  private Statement offer() {
    return new Statement.Proposal(
        crowd.anyone(others),
        crowd.text(),
        null,
        null,
        null,
        null,
        null,
        crowd.chance(3) ? 10 : null,
        null);
  }

  /// Mostly a key that nobody has used; at times one whose owner is here already as somebody else.
  private Identity successor() {
    List<Identity> newcomers =
        others.stream()
            .filter(Seat::isIn)
            .flatMap(seat -> Optional.ofNullable(seat.identity).stream())
            .filter(identity -> relay.fold().account(identity.id()).isEmpty())
            .toList();
    if (!newcomers.isEmpty() && crowd.chance(2)) {
      return crowd.any(newcomers);
    }
    return crowd.chance(5) ? crowd.anybody() : crowd.fresh();
  }

  private void state(Seat seat, Identity signer, Statement statement) {
    boolean right = !crowd.chance(10);
    SignedStatement signed = signed(right ? signer : Crowd.fake(), statement);
    boolean gated = !(statement instanceof CourtStatement || statement instanceof KeyStatement);
    Optional<String> refusal = model.refusal(seat, gated, right);
    long before = relay.log().size();
    onlookers.act(
        statement.type() + " by " + seat,
        e -> refusal.ifPresent(code -> e.hears(seat, Words.error(code))),
        () -> {
          seat.peer.send(Json.text(frame(signed, signer)));
          if (refusal.isEmpty()) {
            assertAnswered(seat, signed);
          }
        });
    assertSaidBy(before, refusal.isEmpty() ? signer.key() : null);
    boolean applied = onlookers.wasApplied(signed.signature().base64());
    onlookers.see(refusal.orElse(applied ? "applied" : "refused") + " " + statement.type());
  }

  private SignedStatement signed(Identity signer, Statement statement) {
    boolean bound = statement instanceof KeyStatement || crowd.chance(2);
    Scheme scheme =
        bound
            ? new Scheme.Bound(SimulatedRelay.ORIGIN, relay.now(), crowd.nonce())
            : new Scheme.Joined();
    return SignedStatement.sign(signer, scheme, statement);
  }

  /// Says that it is the signer's, whoever signed it.
  private static JsonNode frame(SignedStatement signed, Identity signer) {
    return ClientMessageCodec.encode(
        new SignedStatement(signed.statement(), signed.scheme(), signer.key(), signed.signature()));
  }

  /// The relay's answer and the log say the same.
  private void assertAnswered(Seat seat, SignedStatement signed) {
    onlookers.collect(seat);
    onlookers.takeNews();
    boolean refused = seat.heard.stream().anyMatch(f -> Words.type(f).equals("ERROR"));
    assertThat(refused)
        .as("%s", seat.heard)
        .isEqualTo(!onlookers.wasApplied(signed.signature().base64()));
    seat.heard.removeIf(f -> Words.type(f).equals("ERROR"));
  }

  /// Only who was let through has said anything that the log has.
  private void assertSaidBy(long from, @Nullable AgentKey speaker) {
    for (LogRecord record : relay.log().read(from, MAX_READ)) {
      if (relay.reader().read(record.index(), record.value()).content()
          instanceof Entry.Content.Sound(Event.Stated stated)) {
        assertThat(stated.signed().key()).isEqualTo(speaker);
      }
    }
  }

  /// Another relay of the log, which bans nobody, records what somebody says of its key.
  void elsewhere() {
    Identity old = crowd.chance(2) ? crowd.anybody() : crowd.somebodyBanned(model);
    Statement statement =
        crowd.chance(10)
            ? new KeyStatement.RevokeKey(crowd.text())
            : KeyStatement.RotateKey.of(old, successor(), SimulatedRelay.ORIGIN);
    Event event = new Event.Stated(relay.now(), "other-relay", signed(old, statement), null);
    onlookers.act(
        statement.type() + " of " + old.name() + " elsewhere",
        _ -> {},
        () -> relay.log().append(EventCodec.encode(event)).join());
  }
}
