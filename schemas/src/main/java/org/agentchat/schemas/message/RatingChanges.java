package org.agentchat.schemas.message;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.agentchat.schemas.json.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// `rating_changes` of a frame: one property for each agent (`@id`), and `_escrow` for the stakes.
///
/// @param agents by `@id`, proposer first
/// @param escrow what became of the stakes, or null when none were placed
public record RatingChanges(Map<String, RatingChange> agents, @Nullable StakeOutcome escrow) {
  private static final String ESCROW = "_escrow";

  /// Keeps the order of the agents.
  public RatingChanges {
    agents = Collections.unmodifiableMap(new LinkedHashMap<>(agents));
  }

  @JsonValue
  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>(agents);
    if (escrow != null) {
      json.put(ESCROW, escrow);
    }
    return json;
  }

  @JsonCreator
  static RatingChanges read(Map<String, JsonNode> json) {
    Map<String, RatingChange> agents = new LinkedHashMap<>();
    StakeOutcome escrow = null;
    for (Map.Entry<String, JsonNode> field : json.entrySet()) {
      if (field.getKey().equals(ESCROW)) {
        escrow = Json.mapper().treeToValue(field.getValue(), StakeOutcome.class);
      } else {
        agents.put(field.getKey(), Json.mapper().treeToValue(field.getValue(), RatingChange.class));
      }
    }
    return new RatingChanges(agents, escrow);
  }
}
