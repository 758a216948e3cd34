package org.agentchat.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.agentchat.ledger.Elo;
import org.agentchat.schemas.identity.AgentId;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// An agent's rating, as it is printed.
///
/// @param updated when it moved last, ISO 8601; null when it never did or nobody knows
/// @param skills ratings by capability, as they were served; null when there are none
@JsonInclude(JsonInclude.Include.NON_NULL)
record Rating(
    AgentId agent,
    int rating,
    int transactions,
    @Nullable String updated,
    int kFactor,
    boolean isNew,
    @Nullable JsonNode skills) {

  /// The form of an entry in the `ratings.json` of existing tools.
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Entry(int rating, int transactions, @Nullable String updated, @Nullable JsonNode skills) {}

  /// The rating of an agent without any deal.
  static Rating unrated(AgentId agent) {
    return new Rating(agent, Elo.DEFAULT_RATING, 0, null, Elo.kFactor(0), true, null);
  }

  /// Reads `rating`, `transactions`, `updated` and `skills` of an object.
  static Rating of(AgentId agent, JsonNode json) {
    int transactions = json.path("transactions").asInt(0);
    JsonNode updated = json.path("updated");
    JsonNode skills = json.path("skills");
    return new Rating(
        agent,
        json.path("rating").asInt(Elo.DEFAULT_RATING),
        transactions,
        updated.isString() ? IsoTime.withMillis(updated.stringValue()) : null,
        Elo.kFactor(transactions),
        transactions == 0,
        skills.isObject() && !skills.isEmpty() ? skills : null);
  }

  Entry entry() {
    return new Entry(rating, transactions, updated, skills);
  }

  /// @param heading without its colon
  List<String> lines(String heading) {
    String last = updated == null ? "" : "  Last updated: " + updated + "\n";
    return """
    %s:
      Rating: %d%s
      Transactions: %d
    %s  K-factor: %d\
    """
        .formatted(heading, rating, isNew ? " (new agent)" : "", transactions, last, kFactor)
        .lines()
        .toList();
  }
}
