package org.agentchat.cli;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// A skill as its agent wrote it, for people.
final class SkillLines {
  private SkillLines() {}

  static List<String> of(JsonNode skill) {
    List<String> lines = new ArrayList<>();
    lines.add("    Capability: " + Printable.of(skill.path("capability").asString("")));
    lines.add("    Rate: " + rate(skill));
    String description = skill.path("description").asString("");
    if (!description.isEmpty()) {
      lines.add("    Description: " + Printable.of(description));
    }
    return lines;
  }

  private static String rate(JsonNode skill) {
    JsonNode rate = skill.path("rate");
    String currency = Printable.of(skill.path("currency").asString(""));
    return rate.isNumber()
        ? (Decimals.text(rate.decimalValue()) + " " + currency).strip()
        : "negotiable";
  }
}
