package org.agentchat.schemas.identity;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// An agent's short name. With a key: the first 16 hexadecimal digits of SHA-256 over the key's
/// canonical PEM. Without one: eight characters that the relay made up for one connection.
///
/// @param name the name without its `@`, 1 to 64 of `[0-9A-Za-z_-]`
public record AgentId(String name) implements Comparable<AgentId> {
  private static final Alphabet NAME = Alphabet.of("0-9A-Za-z_-");
  private static final int MAX_CHARS = 64;

  /// Characters of a name that belongs to a key.
  private static final int PERSISTENT_CHARS = 16;

  /// What the relay itself speaks as.
  public static final AgentId SERVER = new AgentId("server");

  /// @throws IllegalArgumentException if the name has another shape
  public AgentId {
    if (!isName(name)) {
      throw new IllegalArgumentException("not an agent name: " + name);
    }
  }

  /// Reads `@name`.
  ///
  /// @throws IllegalArgumentException if the text is not an `@` and a name
  @JsonCreator
  public static AgentId of(String wire) {
    return parse(wire)
        .orElseThrow(() -> new IllegalArgumentException("not an agent (@id): " + wire));
  }

  /// Reads `@name`, or empty when the text is something else.
  public static Optional<AgentId> parse(String wire) {
    if (!wire.startsWith("@")) {
      return Optional.empty();
    }
    String name = wire.substring(1);
    return isName(name) ? Optional.of(new AgentId(name)) : Optional.empty();
  }

  private static boolean isName(String text) {
    return NAME.spells(text, 1, MAX_CHARS);
  }

  /// Whether the name has the shape of one that belongs to a key.
  public boolean isPersistent() {
    return Alphabet.HEX.spells(name, PERSISTENT_CHARS, PERSISTENT_CHARS);
  }

  /// As a record's own, which is slower by what a method handle costs: every entry of a log asks
  /// for it two dozen times.
  @Override
  public boolean equals(@Nullable Object other) {
    return this == other || (other instanceof AgentId id && name.equals(id.name));
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }

  @Override
  public int compareTo(AgentId other) {
    return name.compareTo(other.name);
  }

  /// The wire form, `@name`.
  @JsonValue
  @Override
  public String toString() {
    return "@" + name;
  }
}
