package org.agentchat.schemas.identity;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Optional;
import java.util.regex.Pattern;

/// An agent's short name. With a key: the first 16 hexadecimal digits of SHA-256 over the key's
/// canonical PEM. Without one: eight characters that the relay made up for one connection.
///
/// @param name the name without its `@`, 1 to 64 of `[0-9A-Za-z_-]`
public record AgentId(String name) implements Comparable<AgentId> {
  private static final Pattern NAME = Pattern.compile("[0-9A-Za-z_-]{1,64}");
  private static final Pattern PERSISTENT = Pattern.compile("[0-9a-f]{16}");

  /// What the relay itself speaks as.
  public static final AgentId SERVER = new AgentId("server");

  /// @throws IllegalArgumentException if the name has another shape
  public AgentId {
    if (!NAME.matcher(name).matches()) {
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
    return wire.startsWith("@") && NAME.matcher(wire.substring(1)).matches()
        ? Optional.of(new AgentId(wire.substring(1)))
        : Optional.empty();
  }

  /// Whether the name has the shape of one that belongs to a key.
  public boolean isPersistent() {
    return PERSISTENT.matcher(name).matches();
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
