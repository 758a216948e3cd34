package org.agentchat.cli;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.agentchat.schemas.identity.AgentId;
import tools.jackson.databind.JsonNode;

/// The same deals among the same four agents, whatever is behind the relay: done, disputed,
/// declined, and one more between a pair that has just finished another.
final class ScriptedDeals {
  private static final List<String> NAMES = List.of("alice", "bob", "carol", "dave");

  private ScriptedDeals() {}

  /// @param relayOf where each agent connects
  static void run(Function<String, URI> relayOf) {
    Map<String, Player> players = new TreeMap<>();
    try {
      NAMES.forEach(name -> players.put(name, Player.connect(name, relayOf.apply(name))));
      run(players.get("alice"), players.get("bob"), players.get("carol"), players.get("dave"));
    } finally {
      players.values().forEach(Player::close);
    }
  }

  private static void run(Player alice, Player bob, Player carol, Player dave) {
    String review = alice.offers(bob, "review the parser", "12.5", 50);
    bob.accepts(review, 30);
    bob.completes(review);
    String again = alice.offers(bob, "review it again", "12.5", 10);
    bob.accepts(again, 0);
    alice.completes(again);
    String tests = carol.offers(alice, "write the tests", "0.05", 0);
    alice.accepts(tests, 0);
    carol.completes(tests);
    String picture = bob.offers(carol, "draw the picture", "40", 40);
    carol.accepts(picture, 20);
    bob.disputes(picture);
    String declined = alice.offers(dave, "work for free", "0", 0);
    dave.rejects(declined);
    String open = dave.offers(carol, "think about it", "3", 7);
    carol.accepts(open, 5);
    String translation = dave.offers(bob, "translate the page", "3", 0);
    bob.accepts(translation, 0);
    dave.completes(translation);
  }

  /// Where everybody stands, without what differs between two runs.
  static Map<AgentId, List<Integer>> standings(LedgerApi api) {
    Map<AgentId, List<Integer>> standings = new TreeMap<>();
    for (JsonNode agent : api.agents(Function.identity())) {
      standings.put(
          AgentId.of(agent.path("id").asString()),
          List.of(
              agent.path("rating").asInt(),
              agent.path("transactions").asInt(),
              agent.path("staked").asInt()));
    }
    return standings;
  }
}
