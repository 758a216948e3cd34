package org.agentchat.akash.sdl;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.agentchat.schemas.json.Json;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/// A value in a YAML file that knows its line and its place, and gives itself away as one type
/// only.
///
/// @param node as the library read it
/// @param place where it is, `services.web.expose[0].port`; empty for the whole
record YamlNode(Node node, String place) {
  /// The largest file that is read, in characters.
  static final int MAX_CHARS = 256 * 1024;

  /// More entries than any file needs in one place.
  private static final int MAX_ENTRIES = 256;

  private static final int MAX_EXCERPT_CHARS = 40;

  private static final LoadSettings SETTINGS =
      LoadSettings.builder().setAllowRecursiveKeys(false).setCodePointLimit(MAX_CHARS).build();

  private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,18}(\\.[0-9]{1,18})?");

  /// Reads a file of one document.
  ///
  /// @throws SdlException if it is no YAML, or empty
  static YamlNode read(String text) {
    if (text.length() > MAX_CHARS) {
      throw new SdlException("the file has more than " + MAX_CHARS + " characters");
    }
    try {
      Node node =
          new Compose(SETTINGS)
              .composeString(text)
              .orElseThrow(() -> new SdlException("the file is empty"));
      return new YamlNode(node, "");
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
      throw new SdlException("line " + line + ": no YAML: " + e.getProblem(), e);
    } catch (YamlEngineException e) {
      throw new SdlException("no YAML: " + e.getMessage(), e);
    }
  }

  /// A complaint about this value, to be thrown.
  SdlException wrong(String wanted) {
    return complaint("%s wanted, found %s".formatted(wanted, found()));
  }

  /// A complaint about this value in other words.
  SdlException complaint(String sentence) {
    return new SdlException(
        "line %d: %s%s".formatted(line(), place.isEmpty() ? "" : place + ": ", sentence));
  }

  private int line() {
    return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
  }

  private String found() {
    return switch (node) {
      case ScalarNode scalar when isNull() ->
          "nothing" + (scalar.getValue().isEmpty() ? "" : " (null)");
      case ScalarNode scalar -> "'" + Json.excerpt(scalar.getValue(), MAX_EXCERPT_CHARS) + "'";
      case MappingNode _ -> "a mapping";
      default -> "a list";
    };
  }

  /// Whether nothing stands there.
  boolean isNull() {
    return node.getTag().equals(Tag.NULL);
  }

  /// The entries of a mapping whose keys are free, in the file's order.
  Map<String, YamlNode> entries() {
    if (!(node instanceof MappingNode mapping)) {
      throw wrong("a mapping");
    }
    if (mapping.getValue().size() > MAX_ENTRIES) {
      throw complaint("at most " + MAX_ENTRIES + " entries wanted");
    }
    Map<String, YamlNode> entries = new LinkedHashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        throw complaint("keys that are texts wanted");
      }
      String path = place.isEmpty() ? key.getValue() : place + "." + key.getValue();
      YamlNode value = new YamlNode(tuple.getValueNode(), path);
      if (entries.put(key.getValue(), value) != null) {
        throw value.complaint("the same key a second time");
      }
    }
    return entries;
  }

  /// The entries of a mapping whose keys are known.
  ///
  /// @throws SdlException naming the first key that is not
  Fields fields(String... known) {
    Set<String> names = Set.of(known);
    Map<String, YamlNode> entries = entries();
    entries.forEach((key, value) -> {
      if (!names.contains(key)) {
        throw value.complaint(
            "there is no such key; known here: " + String.join(", ", List.of(known)));
      }
    });
    return new Fields(this, entries);
  }

  /// The known entries of a mapping. One that is null counts as absent.
  record Fields(YamlNode mapping, Map<String, YamlNode> entries) {
    Optional<YamlNode> get(String key) {
      return Optional.ofNullable(entries.get(key)).filter(value -> !value.isNull());
    }

    YamlNode require(String key) {
      return get(key).orElseThrow(() -> mapping.complaint("the key '" + key + "' is missing"));
    }

    List<YamlNode> list(String key) {
      return get(key).map(YamlNode::list).orElse(List.of());
    }
  }

  /// The entries of a list.
  List<YamlNode> list() {
    if (!(node instanceof SequenceNode sequence)) {
      throw wrong("a list");
    }
    if (sequence.getValue().size() > MAX_ENTRIES) {
      throw complaint("at most " + MAX_ENTRIES + " entries wanted");
    }
    List<YamlNode> list = new ArrayList<>();
    for (Node entry : sequence.getValue()) {
      list.add(new YamlNode(entry, place + "[" + list.size() + "]"));
    }
    return list;
  }

  /// Whether it is a list.
  boolean isList() {
    return node instanceof SequenceNode;
  }

  /// Any scalar but null, as it is written.
  String scalar() {
    if (!(node instanceof ScalarNode scalar) || isNull()) {
      throw wrong("one value");
    }
    if (!Json.isWellFormed(scalar.getValue())) {
      throw complaint("half a character (unpaired surrogate)");
    }
    return scalar.getValue();
  }

  /// A text that is not empty.
  String text() {
    String text = scalar();
    if (text.isEmpty()) {
      throw wrong("a text");
    }
    return text;
  }

  /// A text of a form.
  ///
  /// @param wanted what the pattern says, for a person
  String matching(Pattern pattern, String wanted) {
    String text = scalar();
    if (!pattern.matcher(text).matches()) {
      throw wrong(wanted);
    }
    return text;
  }

  boolean bool() {
    return switch (scalar()) {
      case "true" -> true;
      case "false" -> false;
      default -> throw wrong("true or false");
    };
  }

  /// A whole number in a range, both ends included.
  int integer(int min, int max) {
    String text = scalar();
    String wanted = "a whole number from %d to %d".formatted(min, max);
    if (!NUMBER.matcher(text).matches() || text.indexOf('.') >= 0) {
      throw wrong(wanted);
    }
    long value = Long.parseLong(text);
    if (value < min || value > max) {
      throw wrong(wanted);
    }
    return (int) value;
  }

  /// A decimal number.
  BigDecimal decimal() {
    String text = scalar();
    if (!NUMBER.matcher(text).matches()) {
      throw wrong("a number");
    }
    return new BigDecimal(text);
  }
}
