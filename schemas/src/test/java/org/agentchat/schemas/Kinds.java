package org.agentchat.schemas;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// The records of a sealed family, those of families within it included.
public final class Kinds {
  private Kinds() {}

  /// In the order in which they are permitted.
  public static List<Class<? extends Record>> of(Class<?> family) {
    return records(family).toList();
  }

  private static Stream<Class<? extends Record>> records(Class<?> kind) {
    return kind.isSealed()
        ? Arrays.stream(kind.getPermittedSubclasses()).flatMap(Kinds::records)
        : Stream.of(kind.asSubclass(Record.class));
  }
}
