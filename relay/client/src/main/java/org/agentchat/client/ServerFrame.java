package org.agentchat.client;

import org.agentchat.schemas.message.ServerMessage;
import org.agentchat.schemas.message.ServerMessageCodec;

/// One frame from the relay.
///
/// @param message what it says; [ServerMessage.Unknown] when it is of a kind that this library does
///   not know, or no frame at all
/// @param text as it came
public record ServerFrame(ServerMessage message, String text) {
  static ServerFrame of(String text) {
    try {
      return new ServerFrame(ServerMessageCodec.decode(text), text);
    } catch (IllegalArgumentException _) {
      // Garbage is for the listeners to see; the connection does not suffer from it.
      return new ServerFrame(new ServerMessage.Unknown(0), text);
    }
  }
}
