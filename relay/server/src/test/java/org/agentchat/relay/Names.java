package org.agentchat.relay;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What a captured server or client called something, and what it is called in the replay: ids,
/// nonces, keys, signatures.
final class Names {
  /// Fields of server frames in which the server gives something its name, by frame type.
  private static final Map<String, List<String>> GIVEN =
      Map.of(
          "CHALLENGE", List.of("challenge_id", "nonce"),
          "WELCOME", List.of("agent_id"),
          "CAPTCHA_CHALLENGE", List.of("captcha_id"),
          "MSG", List.of("msg_id", "cb_id"),
          "PROPOSAL", List.of("id"),
          "VERIFY_REQUEST", List.of("request_id"),
          "DISPUTE_INTENT_ACK", List.of("dispute_id"));

  private final Map<String, String> ours = new LinkedHashMap<>();

  /// From now on the captured name stands for ours; the first meaning stays.
  void bind(String captured, String own) {
    ours.putIfAbsent(captured, own);
  }

  /// Learns the names that a server gave in a frame, from the frame that answers to it here.
  void learn(JsonNode captured, JsonNode got) {
    for (String field : GIVEN.getOrDefault(captured.path("type").asString(""), List.of())) {
      String name = captured.path(field).asString("");
      String own = got.path(field).asString("");
      if (!name.isEmpty() && !own.isEmpty()) {
        bind(bare(name), bare(own));
      }
    }
  }

  /// Agent ids stand with and without their `@`.
  private static String bare(String name) {
    return name.startsWith("@") ? name.substring(1) : name;
  }

  /// The text with our names for the captured ones.
  String translate(String text) {
    String result = text;
    for (Map.Entry<String, String> name : ours.entrySet()) {
      if (result.contains(name.getKey())) {
        result = result.replace(name.getKey(), name.getValue());
      }
    }
    return result;
  }

  /// The tree with our names for the captured ones, in keys as well.
  JsonNode translate(JsonNode tree) {
    if (tree.isString()) {
      return JsonNodeFactory.instance.stringNode(translate(tree.stringValue()));
    }
    if (tree.isArray()) {
      ArrayNode array = JsonNodeFactory.instance.arrayNode();
      tree.forEach(element -> array.add(translate(element)));
      return array;
    }
    if (tree.isObject()) {
      ObjectNode object = JsonNodeFactory.instance.objectNode();
      tree.propertyStream()
          .forEach(field -> object.set(translate(field.getKey()), translate(field.getValue())));
      return object;
    }
    return tree;
  }
}
