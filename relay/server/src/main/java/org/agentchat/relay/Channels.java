package org.agentchat.relay;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.agentchat.schemas.message.ServerMessage;

/// The channels of this relay. The set is fixed at the start. Thread-safe.
final class Channels {
  private final Map<String, Channel> channels = new LinkedHashMap<>();

  Channels(RelaySettings settings) {
    RelayLimits limits = settings.limits();
    settings.channels().forEach(name -> channels.put(name, new Channel(name, false, limits)));
    settings
        .verifiedChannels()
        .forEach(name -> channels.put(name, new Channel(name, true, limits)));
  }

  Optional<Channel> find(String name) {
    return Optional.ofNullable(channels.get(name));
  }

  int size() {
    return channels.size();
  }

  List<ServerMessage.ChannelSummary> list() {
    return channels.values().stream()
        .map(channel ->
            new ServerMessage.ChannelSummary(
                channel.name(), channel.size(), channel.isVerifiedOnly() ? true : null))
        .toList();
  }

  /// Says something to a channel as the server; nothing happens when there is no such channel.
  void announce(String name, ServerMessage.Msg message) {
    find(name).ifPresent(channel -> channel.post(message));
  }
}
