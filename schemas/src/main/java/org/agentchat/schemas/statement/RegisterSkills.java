package org.agentchat.schemas.statement;

import java.util.List;
import org.agentchat.schemas.identity.Sha256;
import org.agentchat.schemas.json.JsonNumber;
import org.agentchat.schemas.json.JsonText;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What an agent offers to do; replaces its earlier list (protocol.md section 15).
///
/// @param skills the list as the agent wrote it: an array of 1 to [#MAX_SKILLS] objects, at most
///   [#MAX_CHARS] characters. In the log and under a signature it is this text, in a frame the
///   array
public record RegisterSkills(JsonText skills) implements Statement {
  /// Skills in one list at the most: it stays in the ledger for ever.
  public static final int MAX_SKILLS = 32;

  /// Longest list, in characters, for the same reason.
  public static final int MAX_CHARS = 8_192;

  /// One skill; fields that we do not know stay in the text.
  ///
  /// @param rate what the agent asks for, in units of `currency`
  public record Skill(
      String capability,
      @Nullable String description,
      @Nullable JsonNumber rate,
      @Nullable String currency) {}

  /// The skills, in the agent's order.
  public List<Skill> list() {
    return skills.value().valueStream().map(RegisterSkills::skill).toList();
  }

  /// Reads one skill.
  ///
  /// @throws InvalidStatementException in the protocol's words
  static Skill skill(JsonNode object) {
    String complaint = "Each skill must have a capability string";
    if (!object.isObject()) {
      throw new InvalidStatementException(complaint);
    }
    Fields fields = new Fields(object);
    String capability = fields.required("capability", complaint);
    if (capability.length() > MAX_CAPABILITY_CHARS) {
      throw new InvalidStatementException("capability too long (max 64 chars)");
    }
    return new Skill(
        capability,
        fields.optional("description", "description must be a string"),
        fields.number("rate", "rate must be a finite non-negative number"),
        fields.optional("currency", "currency must be a string"));
  }

  @Override
  public String type() {
    return "REGISTER_SKILLS";
  }

  @Override
  public ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    return json.put("skills", skills.text()).put("type", type());
  }

  @Override
  public ObjectNode frame() {
    ObjectNode frame = json();
    frame.set("skills", skills.value());
    return frame;
  }

  @Override
  public String joined() {
    return type() + "|" + Sha256.hex(skills.text());
  }

  /// Clients before February 2026, and the CLI still, sign the list itself.
  @Override
  public List<String> joinedForms() {
    return List.of(joined(), skills.text());
  }
}
