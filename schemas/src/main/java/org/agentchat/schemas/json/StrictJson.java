package org.agentchat.schemas.json;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Reads records that somebody else wrote and that must be understood whole: every field known and
/// there, each of its own type, each number in its one form. White space and the order of fields
/// are free.
///
/// The test is simple: what was read, written again, must be what was given.
public final class StrictJson {
  private static final int MAX_EXCERPT_CHARS = 80;

  private StrictJson() {}

  /// Parses one JSON text: UTF-8 without a byte order mark, no duplicate keys, nothing behind it.
  ///
  /// @throws IllegalArgumentException saying what is wrong with it
  public static JsonNode parse(byte[] utf8) {
    try {
      return Json.parse(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString());
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("not UTF-8", e);
    } catch (JacksonException e) {
      throw new IllegalArgumentException(
          "not strict JSON: " + Json.excerpt(e.getOriginalMessage(), MAX_EXCERPT_CHARS), e);
    }
  }

  /// Reads a record out of a tree.
  ///
  /// @throws IllegalArgumentException naming the first field that is missing, unknown, or of
  ///   another type or form
  public static <R extends Record> R read(JsonNode tree, Class<R> type) {
    R value = convert(tree, type);
    missing(value, "").ifPresent(StrictJson::complain);
    String text = Json.text(value);
    if (!Json.isWellFormed(text)) {
      throw new IllegalArgumentException("half a character (unpaired surrogate)");
    }
    difference(tree, Json.parse(text), "").ifPresent(StrictJson::complain);
    return value;
  }

  private static <R extends Record> R convert(JsonNode tree, Class<R> type) {
    try {
      @Nullable R value = Json.mapper().treeToValue(tree, type);
      if (value == null) {
        throw new IllegalArgumentException("an object wanted, found null");
      }
      return value;
    } catch (JacksonException e) {
      throw new IllegalArgumentException(
          "a field is missing or of another type: "
              + Json.excerpt(e.getOriginalMessage(), MAX_EXCERPT_CHARS),
          e);
    }
  }

  private static void complain(String sentence) {
    throw new IllegalArgumentException(Json.excerpt(sentence, 2 * MAX_EXCERPT_CHARS));
  }

  /// The first component that is null and may not be, at any depth.
  private static Optional<String> missing(@Nullable Object value, String path) {
    return switch (value) {
      case null -> Optional.of(path + ": missing");
      case Record part -> missingComponent(part, path);
      case Iterable<?> list -> missingElement(list, path);
      case Map<?, ?> map -> missingElement(map.values(), path);
      default -> Optional.empty();
    };
  }

  private static Optional<String> missingElement(Iterable<?> list, String path) {
    int index = 0;
    for (Object element : list) {
      Optional<String> found = missing(element, path + "[" + index + "]");
      if (found.isPresent()) {
        return found;
      }
      index++;
    }
    return Optional.empty();
  }

  private static Optional<String> missingComponent(Record part, String path) {
    for (RecordComponent component : part.getClass().getRecordComponents()) {
      @Nullable Object value = value(part, component);
      boolean free = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
      if (value != null || !free) {
        Optional<String> found = missing(value, path + "." + component.getName());
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  private static @Nullable Object value(Record part, RecordComponent component) {
    try {
      return component.getAccessor().invoke(part);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("cannot read " + component, e);
    }
  }

  private static Optional<String> difference(JsonNode found, JsonNode wanted, String path) {
    if (found.equals(wanted)) {
      return Optional.empty();
    }
    if (found.isObject() && wanted.isObject()) {
      return differentProperty(found, wanted, path);
    }
    if (found.isArray() && wanted.isArray() && found.size() == wanted.size()) {
      for (int i = 0; i < found.size(); i++) {
        Optional<String> inner = difference(found.get(i), wanted.get(i), path + "[" + i + "]");
        if (inner.isPresent()) {
          return inner;
        }
      }
    }
    return Optional.of("%s: read as %s, found %s".formatted(path, excerpt(wanted), excerpt(found)));
  }

  private static Optional<String> differentProperty(JsonNode found, JsonNode wanted, String path) {
    for (Map.Entry<String, JsonNode> property : found.properties()) {
      String name = path + "." + property.getKey();
      JsonNode other = wanted.get(property.getKey());
      if (other == null) {
        return Optional.of(name + ": unknown, or null");
      }
      Optional<String> inner = difference(property.getValue(), other, name);
      if (inner.isPresent()) {
        return inner;
      }
    }
    Iterator<String> names = wanted.propertyNames().iterator();
    while (names.hasNext()) {
      String name = names.next();
      if (!found.has(name)) {
        return Optional.of(path + "." + name + ": missing");
      }
    }
    return Optional.empty();
  }

  private static String excerpt(JsonNode node) {
    return Json.excerpt(Json.text(node), MAX_EXCERPT_CHARS / 4);
  }
}
