package org.agentchat.schemas.json;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.erdtman.jcs.JsonCanonicalizer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonFactoryBuilder;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.core.util.JsonRecyclerPools;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The one JSON configuration of the project. Thread-safe.
///
/// Reading refuses duplicate keys, trailing content, nesting deeper than [#MAX_DEPTH] and numbers
/// longer than [#MAX_NUMBER_CHARS]; decimals keep every digit. Writing keeps the order in which
/// fields were put and escapes as RFC 8785 section 3.2.2.2 does, so that a tree whose keys are put
/// in sorted order is written canonically.
public final class Json {
  /// Deepest nesting of objects and arrays; the protocol's own need is 5.
  public static final int MAX_DEPTH = 32;

  /// Longest number literal, in characters; an exact double never needs more than 25.
  public static final int MAX_NUMBER_CHARS = 64;

  /// Longest string, in characters: a chat message of 2 MiB and its envelope.
  public static final int MAX_STRING_CHARS = 2 * 1024 * 1024 + 1024;

  /// Most tokens (values, names, brackets) of a message from somebody that nobody vouches for. The
  /// largest that the protocol needs is a list of 8,192 characters, so twice that is never in the
  /// way; without a limit 2 MiB of `{}` become 55 MiB of tree.
  public static final int MAX_MESSAGE_TOKENS = 16 * 1024;

  private static final JsonMapper MAPPER = mapper(constraints().build());

  private static final JsonMapper MESSAGES =
      mapper(constraints().maxTokenCount(MAX_MESSAGE_TOKENS).build());

  /// Without the look for duplicate keys, which costs a seventh of the reading.
  private static final ObjectReader CANONICAL =
      mapper(
              JsonFactory.builder()
                  .streamReadConstraints(constraints().build())
                  .recyclerPool(JsonRecyclerPools.threadLocalPool()))
          .readerFor(JsonNode.class);

  private static StreamReadConstraints.Builder constraints() {
    return StreamReadConstraints.builder()
        .maxNestingDepth(MAX_DEPTH)
        .maxNumberLength(MAX_NUMBER_CHARS)
        .maxStringLength(MAX_STRING_CHARS);
  }

  private static JsonMapper mapper(StreamReadConstraints constraints) {
    return mapper(
        JsonFactory.builder()
            .streamReadConstraints(constraints)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION));
  }

  private static JsonMapper mapper(JsonFactoryBuilder factory) {
    return JsonMapper.builder(
            factory
                .disable(JsonWriteFeature.ESCAPE_FORWARD_SLASHES)
                .disable(JsonWriteFeature.WRITE_HEX_UPPER_CASE)
                .build())
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
        .build();
  }

  private Json() {}

  /// The shared mapper: record components appear in snake_case, unknown properties are ignored.
  public static JsonMapper mapper() {
    return MAPPER;
  }

  /// Parses one JSON text.
  ///
  /// @throws JacksonException if the text is not one strict JSON value
  public static JsonNode parse(String text) {
    return strictly(() -> MAPPER.readValue(text, JsonNode.class));
  }

  /// Parses one JSON text of somebody that nobody vouches for: it has [#MAX_MESSAGE_TOKENS] tokens
  /// at the most, and one that has more is refused before it takes memory.
  ///
  /// @throws JacksonException if the text is not one strict JSON value, or has more tokens
  public static JsonNode parseMessage(String text) {
    return strictly(() -> MESSAGES.readValue(text, JsonNode.class));
  }

  /// Parses one JSON text in UTF-8.
  ///
  /// @throws JacksonException if the bytes are not one strict JSON value
  public static JsonNode parse(byte[] utf8) {
    return strictly(() -> MAPPER.readValue(utf8, JsonNode.class));
  }

  /// Parses one JSON text in UTF-8 for a caller that writes what it has read again and refuses
  /// other bytes: of a key that comes twice only the last is told, so those bytes would differ.
  ///
  /// @throws JacksonException if the bytes are not one JSON value
  public static JsonNode parseToCompare(byte[] utf8) {
    Optional<ObjectNode> plain = PlainReader.read(utf8);
    return plain.isPresent() ? plain.get() : strictly(() -> CANONICAL.readValue(utf8));
  }

  /// Jackson lets the arithmetic exceptions of exponents beyond 32 bits escape.
  private static JsonNode strictly(Supplier<JsonNode> reading) {
    try {
      return reading.get();
    } catch (ArithmeticException | NumberFormatException e) {
      throw new StreamReadException(null, "a number beyond all limits", e);
    }
  }

  /// Writes a tree or a record as UTF-8, in field order.
  public static byte[] bytes(Object value) {
    return MAPPER.writeValueAsBytes(value);
  }

  /// Writes a tree or a record as text, in field order.
  public static String text(Object value) {
    return MAPPER.writeValueAsString(value);
  }

  /// Writes a tree or a record over several lines, two spaces an indent.
  public static String pretty(Object value) {
    return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(value);
  }

  /// The canonical form of an object whose numbers are written canonically as they are: whole ones
  /// below 2^53 and [JsonNumber]s. The same as [#canonical] in a third of the time, for it is not
  /// parsed again.
  public static byte[] sorted(ObjectNode tree) {
    return bytes(inOrder(tree));
  }

  private static JsonNode inOrder(JsonNode value) {
    if (value.isObject()) {
      ObjectNode sorted = JsonNodeFactory.instance.objectNode();
      value.properties().stream()
          .sorted(Map.Entry.comparingByKey())
          .forEach(property -> sorted.set(property.getKey(), inOrder(property.getValue())));
      return sorted;
    }
    return value.isArray()
        ? JsonNodeFactory.instance
            .arrayNode()
            .addAll(value.valueStream().map(Json::inOrder).toList())
        : value;
  }

  /// The canonical form of a tree: RFC 8785. Numbers must be exact doubles ([JsonNumber]).
  ///
  /// @throws IllegalArgumentException if a number is beyond the doubles or subnormal
  public static byte[] canonical(JsonNode tree) {
    requireFormattable(tree);
    try {
      return new JsonCanonicalizer(MAPPER.writeValueAsString(tree)).getEncodedUTF8();
    } catch (IOException e) {
      throw new IllegalArgumentException("no canonical form for " + tree.getNodeType(), e);
    }
  }

  private static void requireFormattable(JsonNode tree) {
    if (tree.isNumber() && JsonNumber.isSubnormal(tree.decimalValue().doubleValue())) {
      throw new IllegalArgumentException("no canonical form for a number so near to zero");
    }
    tree.forEach(Json::requireFormattable);
  }

  /// Whether the text has no unpaired surrogate, that is, whether it has a UTF-8 form at all.
  public static boolean isWellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      char first = text.charAt(i);
      if (Character.isSurrogate(first)) {
        i++;
        if (i == text.length() || !Character.isSurrogatePair(first, text.charAt(i))) {
          return false;
        }
      }
    }
    return true;
  }

  /// As much of somebody else's text as a message may repeat: at most so many characters, `?` for
  /// what has no UTF-8 form.
  public static String excerpt(String text, int maxChars) {
    String start = text.length() <= maxChars ? text : text.substring(0, maxChars) + "...";
    return new String(start.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }
}
