package org.agentchat.hooks.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.agentchat.hooks.Excerpt;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLParser;

/// Reads YAML 1.2 into nodes that know their lines. What makes YAML surprising is refused: anchors,
/// aliases, tags, a key that is given twice, a second document.
final class YamlReader {
  /// Deepest nesting; the file's own need is 6.
  private static final int MAX_DEPTH = 16;

  /// Most nodes: a hundred hooks with everything.
  private static final int MAX_NODES = 10_000;

  private static final YAMLFactory FACTORY = new YAMLFactory();

  private final YAMLParser parser;
  private int nodes;

  private YamlReader(YAMLParser parser) {
    this.parser = parser;
  }

  /// The one document of the text.
  ///
  /// @param file the name for complaints
  /// @throws HooksFileException if it is not YAML, or uses what is refused
  static Node read(String file, String text) {
    try (YAMLParser parser = (YAMLParser) FACTORY.createParser(ObjectReadContext.empty(), text)) {
      YamlReader reader = new YamlReader(parser);
      if (parser.nextToken() == null) {
        return new Node.Empty(new Node.Place(file, 1, ""));
      }
      Node root = reader.node(new Node.Place(file, reader.line(), ""), 0);
      if (parser.nextToken() != null) {
        throw new HooksFileException(
            "%s line %d: one document wanted, found another one".formatted(file, reader.line()));
      }
      return root;
    } catch (JacksonException e) {
      TokenStreamLocation at = e.getLocation();
      throw new HooksFileException(
          "%s%s: not YAML: %s"
              .formatted(
                  file,
                  at == null ? "" : " line " + at.getLineNr(),
                  Excerpt.of(e.getOriginalMessage())));
    }
  }

  private int line() {
    return parser.currentTokenLocation().getLineNr();
  }

  private Node node(Node.Place place, int depth) {
    nodes++;
    if (depth > MAX_DEPTH || nodes > MAX_NODES) {
      throw new HooksFileException(
          "%s: at most %d levels and %d values wanted, found more"
              .formatted(place, MAX_DEPTH, MAX_NODES));
    }
    requireSimple(place);
    JsonToken token = parser.currentToken();
    return switch (token) {
      case START_OBJECT -> mapping(place, depth);
      case START_ARRAY -> sequence(place, depth);
      case VALUE_NULL -> new Node.Empty(place);
      case VALUE_STRING -> new Node.Scalar(place, parser.getString(), false);
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT, VALUE_TRUE, VALUE_FALSE ->
          new Node.Scalar(place, parser.getString(), true);
      case NOT_AVAILABLE, END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT ->
          throw new HooksFileException(place + ": a value wanted, found " + token);
    };
  }

  private void requireSimple(Node.Place place) {
    if (parser.isCurrentAlias() || parser.getObjectId() != null) {
      throw new HooksFileException(
          place + ": a value wanted, found an anchor or an alias (&, *), which are not understood");
    }
    if (parser.getTypeId() != null) {
      throw new HooksFileException(
          place + ": a value wanted, found a tag (!), which is not understood");
    }
  }

  private Node mapping(Node.Place place, int depth) {
    Map<String, Node> properties = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      Node.Place at = place.at(line(), name);
      JsonToken _ = parser.nextToken();
      Node before = properties.put(name, node(at, depth + 1));
      if (before != null) {
        throw new HooksFileException(
            "%s: wanted once, found before in line %d".formatted(at, before.place().line()));
      }
    }
    return new Node.Mapping(place, Collections.unmodifiableMap(properties));
  }

  private Node sequence(Node.Place place, int depth) {
    List<Node> elements = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      elements.add(node(place.at(line(), elements.size()), depth + 1));
    }
    return new Node.Sequence(place, List.copyOf(elements));
  }
}
