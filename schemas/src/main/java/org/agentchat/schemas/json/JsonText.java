package org.agentchat.schemas.json;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.util.RawValue;

/// A JSON value as `JSON.stringify` writes it once `JSON.parse` has read it (ECMA-262 section
/// 25.5.2): no spaces, keys in the order in which they came, but array indices first. Existing
/// clients sign hashes of such texts, so the log keeps the text and not the value.
///
/// @param text in exactly that form
public record JsonText(String text) {
  private static final Pattern INDEX = Pattern.compile("0|[1-9][0-9]{0,9}");
  private static final long MAX_INDEX = 4_294_967_294L;

  /// @throws IllegalArgumentException if the text has another form
  public JsonText {
    if (!text.equals(written(text))) {
      throw new IllegalArgumentException("not as JSON.stringify writes it");
    }
  }

  private static String written(String text) {
    try {
      return write(Json.parse(text));
    } catch (JacksonException e) {
      throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
    }
  }

  /// The text of a value that was read from a frame.
  ///
  /// @throws IllegalArgumentException if it has a number that is no exact double ([JsonNumber]) or
  ///   a text without UTF-8 form
  public static JsonText of(JsonNode value) {
    return new JsonText(write(value));
  }

  /// The value.
  public JsonNode value() {
    return Json.parse(text);
  }

  /// The text that `JSON.stringify(value, keys)` writes: of every object, at any depth, the
  /// properties that are named, in the order in which they are named.
  ///
  /// @throws IllegalArgumentException as [#of]
  public static String stringify(JsonNode value, List<String> keys) {
    return Json.text(picked(value, keys));
  }

  private static JsonNode picked(JsonNode value, List<String> keys) {
    if (value.isObject()) {
      ObjectNode picked = JsonNodeFactory.instance.objectNode();
      for (String key : keys) {
        JsonNode property = value.get(key);
        if (property != null) {
          picked.set(key, picked(property, keys));
        }
      }
      return picked;
    }
    if (value.isArray()) {
      List<JsonNode> elements = value.valueStream().map(element -> picked(element, keys)).toList();
      return JsonNodeFactory.instance.arrayNode().addAll(elements);
    }
    return value.isNumber() ? number(value.decimalValue()) : value;
  }

  private static String write(JsonNode value) {
    String text = Json.text(ordered(value));
    if (!Json.isWellFormed(text)) {
      throw new IllegalArgumentException("half a character (unpaired surrogate)");
    }
    return text;
  }

  private static JsonNode ordered(JsonNode value) {
    if (value.isObject()) {
      ObjectNode ordered = JsonNodeFactory.instance.objectNode();
      for (Map.Entry<String, JsonNode> property : inJavaScriptOrder(value)) {
        ordered.set(property.getKey(), ordered(property.getValue()));
      }
      return ordered;
    }
    if (value.isArray()) {
      List<JsonNode> elements = value.valueStream().map(JsonText::ordered).toList();
      return JsonNodeFactory.instance.arrayNode().addAll(elements);
    }
    return value.isNumber() ? number(value.decimalValue()) : value;
  }

  /// Array indices come first and by size, then the other keys as they came (ECMA-262 section
  /// 10.1.11.1).
  private static List<Map.Entry<String, JsonNode>> inJavaScriptOrder(JsonNode object) {
    List<Map.Entry<String, JsonNode>> indices = new ArrayList<>();
    List<Map.Entry<String, JsonNode>> others = new ArrayList<>();
    for (Map.Entry<String, JsonNode> property : object.properties()) {
      (isIndex(property.getKey()) ? indices : others).add(property);
    }
    indices.sort(Comparator.comparingLong(property -> Long.parseLong(property.getKey())));
    indices.addAll(others);
    return indices;
  }

  private static boolean isIndex(String key) {
    return INDEX.matcher(key).matches() && Long.parseLong(key) <= MAX_INDEX;
  }

  private static JsonNode number(BigDecimal value) {
    JsonNumber exact =
        JsonNumber.exactly(value)
            .orElseThrow(() -> new IllegalArgumentException(value + " is not an exact double"));
    return JsonNodeFactory.instance.rawValueNode(new RawValue(exact.text()));
  }
}
