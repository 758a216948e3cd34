package org.agentchat.client;

import java.util.List;
import org.agentchat.schemas.message.ServerMessage;

/// The connection is back.
///
/// @param welcome what the relay said this time
/// @param channels heard again; a channel that refused is missing
public record Reconnected(ServerMessage.Welcome welcome, List<String> channels) {
  /// Copies the list.
  public Reconnected {
    channels = List.copyOf(channels);
  }
}
