package org.agentchat.schemas.message;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Map;
import java.util.Set;
import org.agentchat.schemas.identity.AgentId;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// One result of a SEARCH_SKILLS: a skill as its agent wrote it, between the agent's name and what
/// the log says of both. What the log says is never taken from the agent's own words.
///
/// @param skill an object; fields of it that are named like the others here are left out
/// @param registeredAt log time, milliseconds since 1970
/// @param skillRating the agent's own when it has none in this capability yet
/// @param skillUpdated when the skill's rating moved last, ISO 8601 in UTC, log time
public record SkillListing(
    AgentId agentId,
    JsonNode skill,
    long registeredAt,
    int agentRating,
    int agentTransactions,
    int skillRating,
    int skillTransactions,
    @Nullable String skillUpdated) {

  private static final Set<String> OURS =
      Set.of(
          "agent_id",
          "registered_at",
          "agent_rating",
          "agent_transactions",
          "skill_rating",
          "skill_transactions",
          "skill_updated");

  /// Leaves out what the agent may not say of itself.
  public SkillListing {
    skill = own(skill);
  }

  private static JsonNode own(JsonNode skill) {
    ObjectNode own = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> field : skill.properties()) {
      if (!OURS.contains(field.getKey())) {
        own.set(field.getKey(), field.getValue());
      }
    }
    return own;
  }

  @JsonValue
  ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("agent_id", agentId.toString());
    for (Map.Entry<String, JsonNode> field : skill.properties()) {
      json.set(field.getKey(), field.getValue());
    }
    json.put("registered_at", registeredAt).put("agent_rating", agentRating);
    json.put("agent_transactions", agentTransactions).put("skill_rating", skillRating);
    json.put("skill_transactions", skillTransactions);
    return json.put("skill_updated", skillUpdated);
  }

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static SkillListing read(JsonNode json) {
    return new SkillListing(
        AgentId.of(json.path("agent_id").asString("")),
        json,
        json.path("registered_at").asLong(0),
        json.path("agent_rating").asInt(0),
        json.path("agent_transactions").asInt(0),
        json.path("skill_rating").asInt(0),
        json.path("skill_transactions").asInt(0),
        json.path("skill_updated").isString() ? json.path("skill_updated").stringValue() : null);
  }

  /// The skill's name, or empty when a server gave none.
  public String capability() {
    return skill.path("capability").asString("");
  }
}
