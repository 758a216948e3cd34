package org.agentchat.schemas.message;

import java.util.Locale;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.json.JsonNumber;
import org.agentchat.schemas.json.JsonText;
import org.agentchat.schemas.statement.Fields;
import org.agentchat.schemas.statement.InvalidStatementException;
import org.agentchat.schemas.statement.RegisterSkills;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.util.RawValue;

/// What a SEARCH_SKILLS looks for (protocol.md section 15).
///
/// @param capability part of a skill's name, in any case; absent or empty: every skill
/// @param maxRate what a skill may ask for at the most; one that names no rate passes
/// @param currency in any case; absent or empty: every one. A skill that names none passes
/// @param limit results wanted at the most; absent or zero: [#DEFAULT_LIMIT]
/// @param text the query as it was asked, fields included that mean nothing here: answers repeat it
public record SkillQuery(
    @Nullable String capability,
    @Nullable JsonNumber maxRate,
    @Nullable String currency,
    @Nullable Integer limit,
    JsonText text) {
  /// Results when nobody says how many.
  public static final int DEFAULT_LIMIT = 50;

  /// Results at the most: each may be as long as a whole list of skills.
  public static final int MAX_LIMIT = 100;

  /// Longest query, in characters of its JSON: an answer repeats it.
  public static final int MAX_CHARS = 1_024;

  /// A query of these parts.
  public static SkillQuery of(
      @Nullable String capability,
      @Nullable JsonNumber maxRate,
      @Nullable String currency,
      @Nullable Integer limit) {
    ObjectNode query = JsonNodeFactory.instance.objectNode();
    if (capability != null) {
      query.put("capability", capability);
    }
    if (maxRate != null) {
      query.putRawValue("max_rate", new RawValue(maxRate.text()));
    }
    if (currency != null) {
      query.put("currency", currency);
    }
    if (limit != null) {
      query.put("limit", limit);
    }
    return new SkillQuery(capability, maxRate, currency, limit, JsonText.of(parsed(query)));
  }

  private static JsonNode parsed(ObjectNode query) {
    return Json.parse(Json.text(query));
  }

  /// Reads a frame's `query`.
  ///
  /// @throws InvalidStatementException in the protocol's words
  static SkillQuery read(@Nullable JsonNode query) {
    String complaint = "Missing or invalid query object";
    if (query == null || !query.isObject()) {
      throw new InvalidStatementException(complaint);
    }
    Fields fields = new Fields(query);
    return new SkillQuery(
        fields.optional("capability", "capability must be a string"),
        fields.number("max_rate", "max_rate must be a finite non-negative number"),
        fields.optional("currency", "currency must be a string"),
        fields.whole("limit", "limit must be a non-negative integer"),
        text(query, complaint));
  }

  private static JsonText text(JsonNode query, String complaint) {
    try {
      JsonText text = JsonText.of(query);
      if (text.text().length() > MAX_CHARS) {
        throw new InvalidStatementException("query too long (max " + MAX_CHARS + " chars)");
      }
      return text;
    } catch (InvalidStatementException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new InvalidStatementException(complaint + ": " + e.getMessage());
    }
  }

  /// How many results to give.
  public int results() {
    return limit == null || limit == 0 ? DEFAULT_LIMIT : Math.min(limit, MAX_LIMIT);
  }

  /// Whether the skill is one that is looked for.
  public boolean matches(RegisterSkills.Skill skill) {
    return (capability == null || lower(skill.capability()).contains(lower(capability)))
        && (maxRate == null || skill.rate() == null || skill.rate().value() <= maxRate.value())
        && (currency == null
            || currency.isEmpty()
            || skill.currency() == null
            || lower(skill.currency()).equals(lower(currency)));
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
