package org.agentchat.hooks.config;

import java.util.List;
import java.util.Map;

/// A part of the hooks' file, with its place.
sealed interface Node {
  /// The place of the node.
  Place place();

  /// Where something stands.
  ///
  /// @param file the file's name
  /// @param line from 1
  /// @param path for example `hooks[0].webhook.url`; empty for the whole
  record Place(String file, int line, String path) {
    /// A part of what stands here.
    Place at(int otherLine, String step) {
      return new Place(file, otherLine, path.isEmpty() ? step : path + "." + step);
    }

    /// An element of what stands here.
    Place at(int otherLine, int index) {
      return new Place(file, otherLine, path + "[" + index + "]");
    }

    @Override
    public String toString() {
      return path.isEmpty()
          ? "%s line %d".formatted(file, line)
          : "%s line %d (%s)".formatted(file, line, path);
    }
  }

  /// How the node is called in a complaint.
  String kind();

  /// A text, a number or a word, as it was written.
  ///
  /// @param plain written without quotes, so that it may be a number or `true`
  record Scalar(Place place, String text, boolean plain) implements Node {
    @Override
    public String kind() {
      return "a text";
    }
  }

  /// Nothing.
  record Empty(Place place) implements Node {
    @Override
    public String kind() {
      return "nothing";
    }
  }

  /// Some nodes.
  record Sequence(Place place, List<Node> elements) implements Node {
    @Override
    public String kind() {
      return "a list";
    }
  }

  /// Named nodes, in the order of the file.
  record Mapping(Place place, Map<String, Node> properties) implements Node {
    @Override
    public String kind() {
      return "a section";
    }
  }
}
