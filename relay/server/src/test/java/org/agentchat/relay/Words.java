package org.agentchat.relay;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.agentchat.schemas.identity.AgentId;
import tools.jackson.databind.JsonNode;

/// Frames as one line each, without what no model can know: times, and names that the relay made
/// up. A model writes the same lines.
final class Words {
  /// Stands for every name that a relay gave to an agent without a key.
  static final String GUEST = "@guest";

  /// Frames that the log gives rise to; they come when the log moves, also of itself.
  private static final Set<String> MARKET =
      Set.of(
          "PROPOSAL",
          "ACCEPT",
          "REJECT",
          "COMPLETE",
          "DISPUTE",
          "EXPIRED",
          "SKILLS_REGISTERED",
          "KEY_ROTATED",
          "KEY_REVOKED",
          "DISPUTE_INTENT_ACK",
          "DISPUTE_REVEALED",
          "DISPUTE_FALLBACK",
          "PANEL_FORMED",
          "ARBITER_ASSIGNED",
          "EVIDENCE_RECEIVED",
          "CASE_READY",
          "VERDICT",
          "SETTLEMENT_COMPLETE");

  private static final Map<String, List<String>> FIELDS =
      Map.ofEntries(
          Map.entry("WELCOME", List.of("agent_id", "name", "verified", "lurk", "motd")),
          Map.entry("CHALLENGE", List.of()),
          Map.entry("CAPTCHA_CHALLENGE", List.of()),
          Map.entry("JOINED", List.of("channel", "agents")),
          Map.entry("LEFT", List.of("channel")),
          Map.entry("AGENT_JOINED", List.of("channel", "agent")),
          Map.entry("AGENT_LEFT", List.of("channel", "agent")),
          Map.entry("MSG", List.of("from", "to", "verified", "replay", "content")),
          Map.entry("AGENTS", List.of("channel", "list")),
          Map.entry("TYPING", List.of("from", "channel")),
          Map.entry("FLOOR_CLAIMED", List.of("msg_id", "channel", "holder")),
          Map.entry("YIELD", List.of("msg_id", "channel", "holder")),
          Map.entry("PRESENCE_CHANGED", List.of("agent_id", "name", "presence")),
          Map.entry("NICK_CHANGED", List.of("agent_id", "old_nick", "new_nick")),
          Map.entry("FILE_CHUNK", List.of("from", "to", "content")),
          Map.entry("SESSION_DISPLACED", List.of()),
          Map.entry("KICKED", List.of("reason")),
          Map.entry("BANNED", List.of("reason")),
          Map.entry("MOTD_UPDATE", List.of("motd")),
          Map.entry("SEARCH_RESULTS", List.of("total", "results")),
          Map.entry(
              "ADMIN_RESULT",
              List.of("action", "agentId", "verified", "note", "entries", "motd", "kicked")));

  private Words() {}

  /// One line.
  ///
  /// @param fields in the order of the frame's kind; null for one that is not there
  static String of(String type, Object... fields) {
    return Stream.concat(Stream.of(type), Stream.of(fields).map(String::valueOf))
        .collect(Collectors.joining(" "));
  }

  static String error(String code) {
    return of("ERROR", code);
  }

  /// An agent in a list of them, or several.
  static String agents(Stream<AgentId> agents) {
    return agents.map(Words::agent).sorted().collect(Collectors.joining(",", "[", "]"));
  }

  private static String agent(AgentId agent) {
    return agent.toString();
  }

  /// The line of a frame about a case.
  static String ofCase(JsonNode frame) {
    return of(type(frame), text(frame.path("dispute_id")));
  }

  /// The line of a frame that came.
  static String of(JsonNode frame) {
    String type = type(frame);
    if (type.equals("ERROR")) {
      String code = frame.path("code").asString("");
      return code.equals("BANNED") ? of("ERROR", code, text(frame.path("message"))) : error(code);
    }
    List<String> fields = FIELDS.get(type);
    if (fields == null) {
      throw new AssertionError("a frame that the model does not know: " + frame);
    }
    return of(type, fields.stream().map(name -> field(type, name, frame.path(name))).toArray());
  }

  private static String field(String type, String name, JsonNode value) {
    String text = text(value);
    boolean made = type.equals("WELCOME") && name.equals("agent_id");
    return made && !AgentId.of(text).isPersistent() ? GUEST : text;
  }

  private static String text(JsonNode value) {
    if (value.isMissingNode() || value.isNull()) {
      return "null";
    }
    if (value.isArray()) {
      return StreamSupport.stream(value.spliterator(), false)
          .map(Words::member)
          .sorted()
          .collect(Collectors.joining(",", "[", "]"));
    }
    return value.asString();
  }

  private static String member(JsonNode member) {
    if (member.isString()) {
      return member.stringValue();
    }
    return Stream.of("id", "agentId", "agent_id")
        .filter(member::has)
        .findFirst()
        .map(field -> member.path(field).stringValue())
        .orElseThrow();
  }

  static String type(JsonNode frame) {
    return frame.path("type").asString("");
  }

  /// The type, of an ERROR its code.
  static String name(JsonNode frame) {
    return type(frame).equals("ERROR") ? frame.path("code").asString("") : type(frame);
  }

  /// Whether the log made the relay say this to an agent.
  static boolean isOfTheMarket(JsonNode frame) {
    boolean notice =
        type(frame).equals("MSG")
            && frame.path("from").asString("").equals("@server")
            && frame.path("to").asString("").startsWith("@");
    return MARKET.contains(type(frame)) || notice;
  }

  /// Whether the log made the relay say this in a channel, a moment later.
  static boolean isCry(JsonNode frame) {
    String content = frame.path("content").asString("");
    return type(frame).equals("MSG")
        && frame.path("from").asString("").equals("@server")
        && (content.startsWith("[BOUNTY]")
            || content.startsWith("[CLAIMED]")
            || content.startsWith("Agent @"));
  }
}
