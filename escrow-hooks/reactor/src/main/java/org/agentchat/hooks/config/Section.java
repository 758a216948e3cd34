package org.agentchat.hooks.config;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.agentchat.hooks.Excerpt;
import org.agentchat.hooks.Secret;
import org.jspecify.annotations.Nullable;

/// A section of the hooks' file, read key by key. Every complaint says where it is, what was wanted
/// and what was found, and never shows a secret.
public final class Section {
  private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");
  private static final Pattern WHOLE = Pattern.compile("[0-9]{1,9}");

  private final Node.Mapping mapping;
  private final Secrets secrets;

  private Section(Node.Mapping mapping, Secrets secrets) {
    this.mapping = mapping;
    this.secrets = secrets;
  }

  /// The node as a section with these keys and no others.
  ///
  /// @throws HooksFileException if it is something else
  static Section of(Node node, Secrets secrets, List<String> keys) {
    if (!(node instanceof Node.Mapping mapping)) {
      throw complaint(node, "a section with " + String.join(", ", keys));
    }
    Section section = new Section(mapping, secrets);
    for (Map.Entry<String, Node> property : mapping.properties().entrySet()) {
      if (!keys.contains(property.getKey())) {
        throw new HooksFileException(
            "%s: there is no '%s' here, perhaps '%s' is meant; known are %s"
                .formatted(
                    property.getValue().place(),
                    Excerpt.of(property.getKey()),
                    Nearest.of(property.getKey(), keys),
                    String.join(", ", keys)));
      }
    }
    return section;
  }

  /// Whether the key is there.
  public boolean has(String key) {
    return mapping.properties().containsKey(key);
  }

  private Optional<Node> node(String key) {
    return Optional.ofNullable(mapping.properties().get(key));
  }

  private Node required(String key, String wanted) {
    Node found = mapping.properties().get(key);
    if (found == null) {
      throw new HooksFileException(
          "%s: '%s' is missing: %s wanted".formatted(mapping.place(), key, wanted));
    }
    return found;
  }

  /// A section in this one.
  ///
  /// @param keys those that it may have
  public Optional<Section> section(String key, List<String> keys) {
    return node(key).map(node -> of(node, secrets, keys));
  }

  /// A section in this one that must be there.
  public Section requiredSection(String key, List<String> keys) {
    return of(required(key, "a section with " + String.join(", ", keys)), secrets, keys);
  }

  /// The sections of a list.
  public List<Section> sections(String key, List<String> keys) {
    return elements(key, "a list of sections").stream()
        .map(node -> of(node, secrets, keys))
        .toList();
  }

  /// A text that must be there.
  ///
  /// @param wanted what it is, for the complaint
  public String text(String key, String wanted) {
    return scalar(required(key, wanted), wanted).text();
  }

  /// A text, if it is there.
  public Optional<String> someText(String key, String wanted) {
    return node(key).map(node -> scalar(node, wanted).text());
  }

  /// The texts of a list; one text alone stands for a list of one. Empty when the key is not there.
  public List<String> texts(String key, String wanted) {
    return elements(key, wanted).stream().map(node -> scalar(node, wanted).text()).toList();
  }

  private List<Node> elements(String key, String wanted) {
    return switch (mapping.properties().get(key)) {
      case null -> List.of();
      case Node.Sequence sequence -> sequence.elements();
      case Node.Empty empty -> throw complaint(empty, wanted);
      case Node.Scalar scalar -> List.of(scalar);
      case Node.Mapping section -> List.of(section);
    };
  }

  private static Node.Scalar scalar(Node node, String wanted) {
    if (node instanceof Node.Scalar scalar && !scalar.text().isEmpty()) {
      return scalar;
    }
    throw complaint(node, wanted);
  }

  /// `true` or `false`.
  public boolean truth(String key, boolean otherwise) {
    return someText(key, "true or false")
        .map(text ->
            switch (text) {
              case "true" -> true;
              case "false" -> false;
              default -> throw wrong(key, "true or false");
            })
        .orElse(otherwise);
  }

  /// A whole number.
  public int whole(String key, int least, int most, int otherwise) {
    String wanted = "a whole number, %d to %d,".formatted(least, most);
    return someText(key, wanted)
        .map(text -> {
          int number = WHOLE.matcher(text).matches() ? Integer.parseInt(text) : least - 1;
          if (number < least || number > most) {
            throw wrong(key, wanted);
          }
          return number;
        })
        .orElse(otherwise);
  }

  /// A time span, `500ms`, `30s`, `5m`, `2h` or `7d`.
  public Duration duration(String key, Duration least, Duration most, Duration otherwise) {
    return node(key).map(node -> duration(node, least, most)).orElse(otherwise);
  }

  /// A list of time spans; empty when the key is not there.
  public List<Duration> durations(String key, Duration least, Duration most) {
    return elements(key, "a list of time spans such as 30s").stream()
        .map(node -> duration(node, least, most))
        .toList();
  }

  private static Duration duration(Node node, Duration least, Duration most) {
    String wanted =
        "a time span such as 500ms, 30s, 5m or 2h, from %s to %s,"
            .formatted(text(least), text(most));
    Matcher matcher = DURATION.matcher(scalar(node, wanted).text());
    if (!matcher.matches()) {
      throw complaint(node, wanted);
    }
    long number = Long.parseLong(matcher.group(1));
    Duration span =
        switch (matcher.group(2)) {
          case "ms" -> Duration.ofMillis(number);
          case "s" -> Duration.ofSeconds(number);
          case "m" -> Duration.ofMinutes(number);
          case "h" -> Duration.ofHours(number);
          default -> Duration.ofDays(number);
        };
    if (span.compareTo(least) < 0 || span.compareTo(most) > 0) {
      throw complaint(node, wanted);
    }
    return span;
  }

  private static String text(Duration span) {
    long millis = span.toMillis();
    if (millis % 1_000 != 0) {
      return millis + "ms";
    }
    long seconds = span.toSeconds();
    if (seconds % 60 != 0) {
      return seconds + "s";
    }
    return seconds % 3_600 == 0 ? span.toHours() + "h" : span.toMinutes() + "m";
  }

  /// A path; a relative one begins at the folder of the hooks' file.
  public Optional<Path> path(String key, String wanted) {
    return someText(key, wanted).map(text -> secrets.folder().resolve(text).normalize());
  }

  /// A secret, `{file: PATH}` or `{env: NAME}`; never written down here.
  public Optional<Secret> secret(String key) {
    return node(key).map(this::secret);
  }

  /// Some secrets, one or a list; empty when the key is not there.
  public List<Secret> secrets(String key) {
    return elements(key, SECRET).stream().map(this::secret).toList();
  }

  /// A text that may be a secret: as it is, or as [#secret].
  public Optional<Secret> textOrSecret(String key, String wanted) {
    return node(key)
        .map(node ->
            node instanceof Node.Scalar
                ? new Secret(scalar(node, wanted).text(), "the hooks' file")
                : secret(node));
  }

  /// Texts by names, each of which may be a secret, for example variables of an environment.
  public Map<String, Secret> namedTexts(String key, String wanted) {
    Node found = mapping.properties().get(key);
    if (found == null) {
      return Map.of();
    }
    if (!(found instanceof Node.Mapping named)) {
      throw complaint(found, wanted);
    }
    Map<String, Secret> texts = new LinkedHashMap<>();
    for (Map.Entry<String, Node> property : named.properties().entrySet()) {
      Node node = property.getValue();
      texts.put(
          property.getKey(),
          node instanceof Node.Mapping
              ? secret(node)
              : new Secret(scalar(node, wanted).text(), ""));
    }
    return texts;
  }

  private static final String SECRET =
      "a secret that stands elsewhere, {file: PATH} or {env: NAME},";

  private Secret secret(Node node) {
    if (!(node instanceof Node.Mapping)) {
      throw new HooksFileException(
          "%s: %s wanted, found it written down".formatted(node.place(), SECRET));
    }
    Section source = of(node, secrets, List.of("file", "env"));
    Optional<String> file = source.someText("file", "the path of a file");
    Optional<String> variable = source.someText("env", "the name of an environment variable");
    if (file.isPresent() == variable.isPresent()) {
      throw new HooksFileException(
          "%s: either 'file' or 'env' wanted, found %s"
              .formatted(node.place(), file.isPresent() ? "both" : "neither"));
    }
    try {
      return file.isPresent() ? secrets.file(file.get()) : secrets.variable(variable.orElseThrow());
    } catch (NoSuchFileException e) {
      throw new HooksFileException(
          "%s: a file with a secret wanted, found none at %s"
              .formatted(node.place(), e.getMessage()));
    } catch (IOException e) {
      throw new HooksFileException(
          "%s: the secret cannot be read: %s".formatted(node.place(), e.getMessage()));
    }
  }

  /// The one of the keys that is there.
  ///
  /// @throws HooksFileException unless exactly one is
  public String oneOf(List<String> keys) {
    List<String> there = keys.stream().filter(this::has).toList();
    if (there.size() != 1) {
      throw new HooksFileException(
          "%s: one of %s wanted, found %s"
              .formatted(
                  mapping.place(),
                  String.join(", ", keys),
                  there.isEmpty() ? "none" : String.join(" and ", there)));
    }
    return there.getFirst();
  }

  /// The complaint about a value that cannot be, to be thrown.
  ///
  /// @param wanted what it should be
  public HooksFileException wrong(String key, String wanted) {
    Node found = mapping.properties().get(key);
    return found == null
        ? new HooksFileException(
            "%s: '%s' is missing: %s wanted".formatted(mapping.place(), key, wanted))
        : complaint(found, wanted);
  }

  /// The complaint about one element of a list.
  public HooksFileException wrong(String key, int index, String wanted) {
    return complaint(elements(key, wanted).get(index), wanted);
  }

  /// The complaint about a value whose text is not repeated.
  public HooksFileException wrongSecret(String key, String wanted) {
    return new HooksFileException(
        "%s: %s wanted".formatted(node(key).orElse(mapping).place(), wanted));
  }

  /// The complaint about the whole section.
  public HooksFileException wrong(String sentence) {
    return new HooksFileException(mapping.place() + ": " + sentence);
  }

  private static HooksFileException complaint(@Nullable Node node, String wanted) {
    String found =
        switch (node) {
          case null -> "nothing";
          case Node.Scalar(Node.Place _, String text, boolean _) -> "'" + Excerpt.of(text) + "'";
          case Node other -> other.kind();
        };
    String place = node == null ? "" : node.place() + ": ";
    return new HooksFileException("%s%s wanted, found %s".formatted(place, wanted, found));
  }
}
