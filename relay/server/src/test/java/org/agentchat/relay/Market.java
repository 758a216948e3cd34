package org.agentchat.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.agentchat.ledger.Entry;
import org.agentchat.log.LogRecord;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.message.ClientMessageCodec;
import org.agentchat.schemas.statement.CourtStatement;
import org.agentchat.schemas.statement.KeyStatement;
import org.agentchat.schemas.statement.Scheme;
import org.agentchat.schemas.statement.SignedStatement;
import org.agentchat.schemas.statement.Statement;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Where agents of a simulated world sign what they say. The relay's answer and the log are held
/// against each other for every statement.
record Market(Crowd crowd, SimulatedRelay relay, RelayModel model, Onlookers onlookers) {
  private static final int MAX_READ = 1_000;

  /// The agent's connection, whichever key of its account it came in with.
  Optional<Seat> here(AgentId agent) {
    return model.names(agent).stream().flatMap(name -> model.online(name).stream()).findFirst();
  }

  /// Says it with the agent's own key.
  void state(Seat seat, Statement statement) {
    state(seat, signer(seat), statement);
  }

  /// Who signs for the agent; one without a key signs in vain.
  static Identity signer(Seat seat) {
    return seat.identity == null ? Crowd.fake() : seat.identity;
  }

  /// Says it, now and then with a signature that is not the signer's.
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
    onlookers.conclude(refusal.orElse(applied ? "applied" : "refused") + " " + statement.type());
  }

  SignedStatement signed(Identity signer, Statement statement) {
    boolean bound = statement instanceof KeyStatement || crowd.chance(2);
    Scheme scheme =
        bound
            ? new Scheme.Bound(SimulatedRelay.ORIGIN, relay.now(), nonce(statement))
            : new Scheme.Joined();
    return SignedStatement.sign(signer, scheme, statement);
  }

  /// A nonce that is revealed is the signature's.
  private String nonce(Statement statement) {
    return statement instanceof CourtStatement.DisputeReveal reveal
        ? reveal.nonce()
        : crowd.nonce();
  }

  /// Says that it is the signer's, whoever signed it.
  private static JsonNode frame(SignedStatement signed, Identity signer) {
    return ClientMessageCodec.encode(
        new SignedStatement(signed.statement(), signed.scheme(), signer.key(), signed.signature()));
  }

  /// The relay's answer and the log say the same.
  private void assertAnswered(Seat seat, SignedStatement signed) {
    onlookers.collect(List.of(seat));
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
}
