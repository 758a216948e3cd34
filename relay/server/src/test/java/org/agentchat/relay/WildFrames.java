package org.agentchat.relay;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.agentchat.schemas.json.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Frames that are nearly what clients send: captured ones of every type, changed in their fields,
/// types, nesting and text. The same for the same seed and the same answers heard.
final class WildFrames {
  /// Words out of answers that are used again at the most.
  private static final int MAX_HEARD = 256;

  private static final int MAX_CHANGES = 4;

  /// More than the relay's own 32.
  private static final int DEEPEST = 40;

  private static final List<String> WORDS =
      List.of(
          "",
          " ",
          "#general",
          "#agents",
          "#ops",
          "#nowhere",
          "#",
          "@",
          "@server",
          "@alice",
          "@bob",
          "null",
          "-1",
          "1e400",
          "\0",
          "\u001f",
          "\u2028",
          "\ufeff",
          "\ufffd",
          "\ud83d\ude02",
          "\ud83d",
          "e\u0301",
          "a|b|c",
          "\"}",
          "\\",
          "../../etc/passwd",
          "<script>",
          "agentchat/2",
          "agentchat/1",
          "online",
          "__proto__");

  private static final List<String> NUMBERS =
      List.of(
          "0",
          "-0",
          "-1",
          "1",
          "0.1",
          "255",
          "2147483648",
          "9007199254740993",
          "9223372036854775808",
          "1e21",
          "1e308",
          "1e309",
          "-1e400",
          "1e-400",
          "1e2147483647",
          "123456789012345678901234567890123456789012345678901234567890");

  private static final List<String> SCRAPS =
      List.of(
          "{",
          "}",
          "[",
          "]",
          ",",
          ":",
          "\"",
          "\\",
          "\\u",
          "\\ud800",
          "null",
          "NaN",
          "1e",
          "-",
          "0x1",
          "/*",
          "\0",
          "\ufeff",
          "\"type\":\"PING\",",
          "\"type\":null,",
          "\ud83d\ude02");

  private final Random random;
  private final List<JsonNode> captured = captured();
  private final List<String> heard = new ArrayList<>();

  WildFrames(long seed) {
    random = new Random(seed);
  }

  private static List<JsonNode> captured() {
    try (InputStream file = WildFrames.class.getResourceAsStream("client-frames.jsonl")) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(Json::parse)
          .toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  Random random() {
    return random;
  }

  <T> T one(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  /// Whether so many in a hundred.
  boolean percent(int chance) {
    return random.nextInt(100) < chance;
  }

  /// Keeps the words of an answer, to be said again: ids of agents, proposals and challenges.
  void hear(JsonNode answer) {
    for (JsonNode value : answer) {
      if (value.isString() && value.stringValue().length() <= 64) {
        if (heard.size() == MAX_HEARD) {
          heard.remove(random.nextInt(MAX_HEARD));
        }
        heard.add(value.stringValue());
      }
    }
  }

  /// A word of an answer that starts so, or only the start when none was heard.
  String heardLike(String start) {
    List<String> like = heard.stream().filter(word -> word.startsWith(start)).toList();
    return like.isEmpty() ? start : one(like);
  }

  /// A frame that somebody sent once, changed.
  String next() {
    return changed(one(captured));
  }

  /// The same frame with up to four changes in its tree, and now and then one in its text.
  String changed(JsonNode frame) {
    JsonNode tree = frame.deepCopy();
    for (int i = random.nextInt(MAX_CHANGES + 1); i > 0; i--) {
      tree = change(tree);
    }
    String text = Json.text(tree);
    return percent(15) ? damaged(text) : text;
  }

  private JsonNode change(JsonNode tree) {
    return switch (tree) {
      case ObjectNode object when !object.isEmpty() && !percent(2) -> changeField(object);
      case ArrayNode array when !array.isEmpty() && !percent(10) ->
          array.set(random.nextInt(array.size()), value());
      default -> value();
    };
  }

  private ObjectNode changeField(ObjectNode object) {
    List<String> names = List.copyOf(object.propertyNames());
    String name = one(names);
    switch (random.nextInt(10)) {
      case 0 -> object.remove(name);
      case 1 -> object.set(one(names), object.get(name).deepCopy());
      case 2 -> object.set(word(), value());
      case 3 -> object.set("client_msg_id", value());
      case 4 -> object.set("type", one(captured).path("type"));
      case 5 -> object.set(name, change(object.get(name)));
      case 6 -> object.put(name, word() + object.path(name).asString("") + word());
      default -> object.set(name, value());
    }
    return object;
  }

  private JsonNode value() {
    JsonNodeFactory json = JsonNodeFactory.instance;
    return switch (random.nextInt(12)) {
      case 0 -> json.nullNode();
      case 1 -> json.booleanNode(random.nextBoolean());
      case 2, 3 -> json.numberNode(new BigDecimal(one(NUMBERS)));
      case 4 -> nested();
      case 5 -> json.stringNode("x".repeat(1 << random.nextInt(13)));
      case 6 -> json.stringNode(word() + word());
      case 7 -> one(captured).deepCopy();
      default -> json.stringNode(word());
    };
  }

  private String word() {
    return heard.isEmpty() || percent(40) ? one(WORDS) : one(heard);
  }

  private JsonNode nested() {
    JsonNode inner = JsonNodeFactory.instance.stringNode(word());
    for (int depth = random.nextInt(DEEPEST); depth > 0; depth--) {
      inner =
          random.nextBoolean()
              ? JsonNodeFactory.instance.arrayNode().add(inner)
              : JsonNodeFactory.instance.objectNode().set(word(), inner);
    }
    return inner;
  }

  private String damaged(String text) {
    int from = random.nextInt(text.length() + 1);
    int to = from + random.nextInt(text.length() - from + 1);
    return switch (random.nextInt(4)) {
      case 0 -> text.substring(0, from);
      case 1 -> text.substring(0, from) + text.substring(to);
      case 2 -> text.substring(0, to) + text.substring(from);
      default -> text.substring(0, from) + one(SCRAPS) + text.substring(from);
    };
  }
}
