package org.agentchat.schemas.message;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Which fields a frame must have: those whose component is not marked `@Nullable`. Jackson fills a
/// component whose field is missing with null, so this is asked after reading.
final class RequiredFields {
  private static final ClassValue<List<RecordComponent>> REQUIRED =
      new ClassValue<>() {
        @Override
        protected List<RecordComponent> computeValue(Class<?> type) {
          return Arrays.stream(type.getRecordComponents())
              .filter(component -> !component.getType().isPrimitive())
              .filter(RequiredFields::isRequired)
              .toList();
        }
      };

  private RequiredFields() {}

  private static boolean isRequired(RecordComponent component) {
    return !component.getAnnotatedType().isAnnotationPresent(Nullable.class);
  }

  /// The name of a component that is required but null, in the record or in a list of records
  /// within it.
  static Optional<String> missing(Record message) {
    for (RecordComponent component : REQUIRED.get(message.getClass())) {
      Object value = value(message, component);
      Optional<String> missing =
          switch (value) {
            case null -> Optional.of(component.getName());
            case Record part -> missing(part);
            case List<?> parts -> missing(parts);
            default -> Optional.empty();
          };
      if (missing.isPresent()) {
        return missing;
      }
    }
    return Optional.empty();
  }

  private static Optional<String> missing(List<?> parts) {
    for (Object part : parts) {
      Optional<String> missing =
          switch (part) {
            case null -> Optional.of("an element");
            case Record record -> missing(record);
            default -> Optional.empty();
          };
      if (missing.isPresent()) {
        return missing;
      }
    }
    return Optional.empty();
  }

  private static @Nullable Object value(Record message, RecordComponent component) {
    try {
      return component.getAccessor().invoke(message);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("every component of a message can be read", e);
    }
  }
}
