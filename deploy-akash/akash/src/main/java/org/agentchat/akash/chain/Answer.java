package org.agentchat.akash.chain;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.agentchat.schemas.json.Json;
import tools.jackson.databind.JsonNode;

/// A part of a node's answer that is read strictly: 64-bit numbers are texts there, 32-bit numbers
/// are numbers.
///
/// @param path what was asked, for messages
record Answer(JsonNode node, String path) {
  private static final int MAX_EXCERPT_CHARS = 60;

  Answer get(String name) {
    return new Answer(node.path(name), path + " ." + name);
  }

  boolean isMissing() {
    return node.isMissingNode() || node.isNull();
  }

  List<Answer> list() {
    if (!node.isArray()) {
      throw wrong("a list");
    }
    return node.valueStream().map(one -> new Answer(one, path)).toList();
  }

  String text() {
    if (!node.isString()) {
      throw wrong("a text");
    }
    return node.stringValue();
  }

  boolean bool() {
    if (!node.isBoolean()) {
      throw wrong("true or false");
    }
    return node.booleanValue();
  }

  int integer() {
    if (!node.isInt()) {
      throw wrong("a number");
    }
    return node.intValue();
  }

  /// A whole number in a text; one that is out of range is an error, too.
  long longInText() {
    try {
      return Long.parseLong(text());
    } catch (NumberFormatException _) {
      throw wrong("a whole number in a text");
    }
  }

  BigDecimal decimalInText() {
    String text = text();
    if (text.length() > 64 || !text.matches("[0-9]{1,40}(\\.[0-9]{1,18})?")) {
      throw wrong("a decimal in a text");
    }
    return new BigDecimal(text);
  }

  /// Parses what it holds.
  ///
  /// @throws NodeException if the reading throws an [IllegalArgumentException]
  <T> T as(Function<String, T> reading) {
    try {
      return reading.apply(text());
    } catch (IllegalArgumentException e) {
      throw new NodeException("the answer to " + path + " makes no sense: " + e.getMessage(), e);
    }
  }

  NodeException wrong(String wanted) {
    return new NodeException(
        String.format(
            Locale.ROOT,
            "the answer to %s makes no sense: %s wanted, found %s",
            path,
            wanted,
            isMissing() ? "nothing" : Json.excerpt(Json.text(node), MAX_EXCERPT_CHARS)));
  }
}
