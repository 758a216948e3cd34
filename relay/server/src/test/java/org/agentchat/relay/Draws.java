package org.agentchat.relay;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.agentchat.schemas.identity.Sha256;
import tools.jackson.databind.JsonNode;

/// Makes a court draw the panels that were drawn in a capture. The draw follows from the deal's id,
/// the disputant's nonce and the relay's, so a disputant who knows the relay's secret can try
/// nonces until it suits; this one does.
///
/// The draw is written from the protocol (section 12, and the ascending pool of docs/protocol.md)
/// and not taken from our own code: where the two differ, other arbiters are asked and the replay
/// fails.
final class Draws {
  /// One order of five arbiters in 120 suits, so this many tries fail once in 10^36.
  private static final int MAX_TRIES = 10_000;

  private static final int SEED_DIGITS = 8;
  private static final int HEXADECIMAL = 16;
  private static final int NONCE_DIGITS = 32;

  private final List<Capture.Line> lines;
  private final RelaySecret secret;

  Draws(List<Capture.Line> lines, RelaySecret secret) {
    this.lines = lines;
    this.secret = secret;
  }

  /// Names the nonces, the commitment and the seed of a case whose panel was drawn in the capture.
  ///
  /// @param intent the captured filing, before it is said
  /// @throws IllegalStateException if no nonce suits
  void bind(Capture.Said intent, Names names) {
    String deal = word(intent.frame(), "proposal_id");
    String commitment = word(intent.frame(), "commitment");
    Optional<JsonNode> formed =
        heard("PANEL_FORMED")
            .map(Capture.Heard::frame)
            .filter(frame -> word(frame, "proposal_id").equals(deal))
            .findFirst();
    Optional<String> nonce =
        lines.stream()
            .filter(Capture.Said.class::isInstance)
            .map(line -> word(((Capture.Said) line).frame(), "nonce"))
            .filter(said -> Sha256.hex(said).equals(commitment))
            .findFirst();
    if (formed.isPresent() && nonce.isPresent()) {
      bind(formed.get(), nonce.get(), commitment, names);
    }
  }

  private void bind(JsonNode formed, String nonce, String commitment, Names names) {
    String deal = names.translate(word(formed, "proposal_id"));
    List<String> pool = pool(formed).stream().map(names::translate).sorted().toList();
    List<String> wanted = drawn(formed).stream().map(names::translate).toList();
    for (int i = 0; i < MAX_TRIES; i++) {
      String tried = Sha256.hex(deal + i).substring(0, NONCE_DIGITS);
      String committed = Sha256.hex(tried);
      String relays = secret.nonce(deal, committed);
      String seed = Sha256.hex(deal + tried + relays);
      if (shuffled(pool, seed).subList(0, wanted.size()).equals(wanted)) {
        names.bind(nonce, tried);
        names.bind(commitment, committed);
        names.bind(word(formed, "server_nonce"), relays);
        names.bind(word(formed, "seed"), seed);
        return;
      }
    }
    throw new IllegalStateException("no nonce draws " + wanted + " of " + pool);
  }

  private static List<String> shuffled(List<String> pool, String seed) {
    List<String> order = new ArrayList<>(pool);
    String state = seed;
    for (int last = order.size() - 1; last > 0; last--) {
      state = Sha256.hex(state);
      long random = Long.parseLong(state.substring(0, SEED_DIGITS), HEXADECIMAL);
      Collections.swap(order, last, (int) (random % (last + 1)));
    }
    return order;
  }

  /// Everybody who came in but the parties: in the captures all of them are fit to judge.
  private List<String> pool(JsonNode formed) {
    List<String> agents = new ArrayList<>(agents().values());
    agents.removeAll(List.of(word(formed, "disputant"), word(formed, "respondent")));
    return agents;
  }

  /// The panel, and who was asked instead of one of it.
  private List<String> drawn(JsonNode formed) {
    Map<String, String> agents = agents();
    List<String> drawn = new ArrayList<>();
    formed.path("arbiters").forEach(arbiter -> drawn.add(arbiter.stringValue()));
    heard("ARBITER_ASSIGNED")
        .filter(heard ->
            heard.frame().path("dispute_id").equals(formed.path("dispute_id"))
                && heard.frame().path("is_replacement").asBoolean(false))
        .forEach(heard -> drawn.add(agents.getOrDefault(heard.who(), "")));
    return drawn;
  }

  /// Ids by the names of clients.
  private Map<String, String> agents() {
    Map<String, String> agents = new LinkedHashMap<>();
    heard("WELCOME").forEach(heard -> agents.put(heard.who(), word(heard.frame(), "agent_id")));
    return agents;
  }

  private Stream<Capture.Heard> heard(String type) {
    return lines.stream()
        .filter(Capture.Heard.class::isInstance)
        .map(Capture.Heard.class::cast)
        .filter(heard -> heard.type().equals(type));
  }

  private static String word(JsonNode frame, String field) {
    return frame.path(field).asString("");
  }
}
