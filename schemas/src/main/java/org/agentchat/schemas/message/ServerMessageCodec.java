package org.agentchat.schemas.message;

import org.agentchat.schemas.json.Json;
import tools.jackson.core.JacksonException;

/// Server messages as text frames.
public final class ServerMessageCodec {
  private ServerMessageCodec() {}

  /// The frame that says the message.
  public static String encode(ServerMessage message) {
    return Json.text(message);
  }

  /// Reads one text frame of any AgentChat server: unknown fields are ignored, an unknown type
  /// gives [ServerMessage.Unknown].
  ///
  /// @throws IllegalArgumentException if the text is not a frame
  public static ServerMessage decode(String text) {
    ServerMessage message;
    try {
      message = Json.mapper().readValue(text, ServerMessage.class);
    } catch (JacksonException e) {
      throw new IllegalArgumentException("not a server frame: " + e.getOriginalMessage(), e);
    }
    if (!(message instanceof Record whole)) {
      throw new IllegalArgumentException("not a server frame: null");
    }
    RequiredFields.missing(whole)
        .ifPresent(name -> {
          throw new IllegalArgumentException("not a server frame: it lacks " + name);
        });
    return message;
  }
}
