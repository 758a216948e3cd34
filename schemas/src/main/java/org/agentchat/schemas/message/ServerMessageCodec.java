package org.agentchat.schemas.message;

import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import org.agentchat.schemas.json.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Server messages as text frames.
public final class ServerMessageCodec {
  /// The components of a record that are no primitives.
  private static final ClassValue<List<Component>> COMPONENTS =
      new ClassValue<>() {
        @Override
        protected List<Component> computeValue(Class<?> type) {
          return Arrays.stream(type.getRecordComponents())
              .filter(component -> !component.getType().isPrimitive())
              .map(Component::of)
              .toList();
        }
      };

  private ServerMessageCodec() {}

  /// The frame that says the message.
  public static String encode(ServerMessage message) {
    return Json.text(message);
  }

  /// The frame that answers CREATE_CHANNEL: a JOINED whose agents are ids, not members (protocol.md
  /// section 8.4). It is read as any other JOINED is.
  public static String encodeCreated(ServerMessage.Joined created) {
    ObjectNode frame = (ObjectNode) Json.parse(encode(created));
    ArrayNode ids = frame.putArray("agents");
    created.agents().forEach(member -> ids.add(member.id().toString()));
    return Json.text(frame);
  }

  /// Reads one text frame of any AgentChat server: unknown fields are ignored, an unknown type
  /// gives [ServerMessage.Unknown].
  ///
  /// @throws IllegalArgumentException if the text is not a frame
  public static ServerMessage decode(String text) {
    try {
      @Nullable ServerMessage message = Json.mapper().readValue(text, ServerMessage.class);
      requireWhole(message, "frame");
      return message;
    } catch (JacksonException e) {
      throw new IllegalArgumentException("not a server frame: " + e.getOriginalMessage(), e);
    } catch (ArithmeticException | NumberFormatException e) {
      throw new IllegalArgumentException("not a server frame: a number beyond all limits", e);
    }
  }

  /// Jackson fills what a frame lacks with null, also where the record promises a value.
  private static void requireWhole(@Nullable Object value, String name) {
    switch (value) {
      case null -> throw new IllegalArgumentException("not a server frame: no " + name);
      case Record whole -> {
        for (Component component : COMPONENTS.get(whole.getClass())) {
          Object part = component.of(whole);
          if (part != null || !component.nullable()) {
            requireWhole(part, component.name());
          }
        }
      }
      case Iterable<?> list -> list.forEach(element -> requireWhole(element, "element of " + name));
      default -> {}
    }
  }

  private record Component(String name, boolean nullable, Method accessor) {
    static Component of(RecordComponent component) {
      boolean nullable = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
      return new Component(component.getName(), nullable, component.getAccessor());
    }

    @Nullable Object of(Record whole) {
      try {
        return accessor.invoke(whole);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("a record's component cannot be read: " + name, e);
      }
    }
  }
}
