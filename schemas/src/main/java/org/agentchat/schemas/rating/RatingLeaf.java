package org.agentchat.schemas.rating;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.AgentKey;
import org.agentchat.schemas.identity.Sha256;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.statement.Fields;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// One account as a rating map holds it. Its bytes are RFC 8785 canonical JSON; the map's value is
/// their SHA-256, its key [#keyOf] the account's name.
///
/// @param agent the account's name: the short name of its first key
/// @param capabilities ratings by capability
/// @param history over the entries that name the account
/// @param key the key that is the account's now, or was its last
/// @param rating points
/// @param revoked whether that key was revoked: nobody speaks for the account any more
/// @param staked points at risk in accepted deals and in court
/// @param transactions finished deals that moved the rating
public record RatingLeaf(
    AgentId agent,
    NavigableMap<String, Capability> capabilities,
    AgentHistory history,
    AgentKey key,
    int rating,
    boolean revoked,
    int staked,
    int transactions) {
  private static final Set<String> FIELDS =
      Set.of(
          "agent",
          "capabilities",
          "events",
          "history",
          "key",
          "rating",
          "revoked",
          "staked",
          "transactions");

  /// A rating in one capability.
  public record Capability(int rating, int transactions) {}

  /// Copies the capabilities.
  public RatingLeaf {
    capabilities = Collections.unmodifiableNavigableMap(new TreeMap<>(capabilities));
  }

  /// The key of an account in the map, 32 bytes: SHA-256 of its name, without the `@`. One log has
  /// no two accounts of one name.
  public static byte[] keyOf(AgentId agent) {
    return Sha256.of(agent.name().getBytes(StandardCharsets.US_ASCII));
  }

  /// The leaf of these bytes.
  ///
  /// @throws IllegalArgumentException if they are not exactly one leaf's encoding
  public static RatingLeaf of(byte[] bytes) {
    try {
      RatingLeaf leaf = read(Json.parse(bytes));
      if (Arrays.equals(bytes, leaf.bytes())) {
        return leaf;
      }
    } catch (JacksonException e) {
      throw new IllegalArgumentException(
          "not JSON, or half a character: " + e.getOriginalMessage(), e);
    }
    throw new IllegalArgumentException("not the canonical encoding (RFC 8785) of its leaf");
  }

  private static RatingLeaf read(JsonNode tree) {
    for (String name : tree.propertyNames()) {
      if (!FIELDS.contains(name)) {
        throw new IllegalArgumentException("rating leaf: unknown field " + name);
      }
    }
    Fields fields = new Fields(tree);
    NavigableMap<String, Capability> capabilities = new TreeMap<>();
    tree.path("capabilities")
        .forEachEntry((name, rating) ->
            capabilities.put(
                name, new Capability(whole(rating, "rating"), whole(rating, "transactions"))));
    return new RatingLeaf(
        AgentId.of(fields.required("agent", "agent: @id wanted")),
        capabilities,
        AgentHistory.claimed(
            fields.millis("events", "events: a whole number wanted"),
            fields.required("history", "history: missing")),
        AgentKey.ofBase64(fields.required("key", "key: missing")),
        whole(tree, "rating"),
        tree.path("revoked").asBoolean(false),
        whole(tree, "staked"),
        whole(tree, "transactions"));
  }

  private static int whole(JsonNode object, String name) {
    String complaint = name + ": a whole number wanted";
    Integer value = new Fields(object).whole(name, complaint);
    if (value == null) {
      throw new IllegalArgumentException(complaint);
    }
    return value;
  }

  /// The leaf's bytes: fields and capabilities in the order of RFC 8785.
  public byte[] bytes() {
    ObjectNode tree = JsonNodeFactory.instance.objectNode();
    tree.put("agent", agent.toString());
    ObjectNode ratings = tree.putObject("capabilities");
    capabilities.forEach((name, capability) ->
        ratings
            .putObject(name)
            .put("rating", capability.rating())
            .put("transactions", capability.transactions()));
    tree.put("events", history.events());
    tree.put("history", history.head());
    tree.put("key", key.base64());
    tree.put("rating", rating);
    tree.put("revoked", revoked);
    tree.put("staked", staked);
    tree.put("transactions", transactions);
    return Json.bytes(tree);
  }

  /// What the map holds for the account, 32 bytes.
  public byte[] hash() {
    return Sha256.of(bytes());
  }
}
