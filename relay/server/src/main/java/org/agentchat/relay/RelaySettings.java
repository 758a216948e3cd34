package org.agentchat.relay;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.statement.LogOrigin;

/// How a relay is to run.
///
/// @param host address to listen on
/// @param port port to listen on; 0 takes a free one
/// @param server the name shown in WELCOME and `/health`
/// @param relay the name that this relay's events carry; no two relays of a log share one
/// @param origin the name given to the log if it has none yet; an existing log keeps its own
/// @param channels public channels that exist from the start
/// @param verifiedChannels channels for agents that an operator vouches for
/// @param motd the message of the day, until an admin changes it
/// @param tls certificate and key, to serve `wss`
/// @param home the folder where the relay keeps what must survive a restart; absent keeps nothing
/// @param chat what chat may do
/// @param access who may come in and who moderates
public record RelaySettings(
    String host,
    int port,
    String server,
    String relay,
    String origin,
    List<String> channels,
    List<String> verifiedChannels,
    Optional<String> motd,
    Optional<TlsFiles> tls,
    Optional<Path> home,
    RelayLimits limits,
    ChatRules chat,
    AccessRules access) {

  /// The port that AgentChat clients expect.
  public static final int DEFAULT_PORT = 6667;

  /// @throws IllegalArgumentException if a name has another shape
  public RelaySettings {
    channels = List.copyOf(channels);
    verifiedChannels = List.copyOf(verifiedChannels);
    if (!Event.isRelayName(relay)) {
      throw new IllegalArgumentException(
          "relay name: 1 to 64 of letters, digits, . _ - wanted, found " + relay);
    }
    if (!LogOrigin.isValid(origin)) {
      throw new IllegalArgumentException(
          "log origin: " + LogOrigin.RULE + " wanted, found " + origin);
    }
  }

  /// The defaults, under the given names.
  public static RelaySettings of(String host, int port, String relay, String origin) {
    return new RelaySettings(
        host,
        port,
        "agentchat",
        relay,
        origin,
        List.of("#general", "#agents", "#skills", "#discovery", "#bounties"),
        List.of("#ops"),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        RelayLimits.defaults(),
        ChatRules.defaults(),
        AccessRules.defaults());
  }

  /// The same with other limits.
  public RelaySettings with(RelayLimits other) {
    return copy(server, motd, tls, home, other, chat, access);
  }

  /// The same with other rules for chat.
  public RelaySettings with(ChatRules other) {
    return copy(server, motd, tls, home, limits, other, access);
  }

  /// The same with other rules of access.
  public RelaySettings with(AccessRules other) {
    return copy(server, motd, tls, home, limits, chat, other);
  }

  /// The same with other channels from the start.
  public RelaySettings withChannels(List<String> open, List<String> verifiedOnly) {
    return new RelaySettings(
        host,
        port,
        server,
        relay,
        origin,
        open,
        verifiedOnly,
        motd,
        tls,
        home,
        limits,
        chat,
        access);
  }

  /// The same with a message of the day.
  public RelaySettings withMotd(String text) {
    return copy(server, Optional.of(text), tls, home, limits, chat, access);
  }

  /// The same over TLS.
  public RelaySettings with(TlsFiles files) {
    return copy(server, motd, Optional.of(files), home, limits, chat, access);
  }

  /// The same with a folder for what must survive a restart.
  public RelaySettings keptIn(Path folder) {
    return copy(server, motd, tls, Optional.of(folder), limits, chat, access);
  }

  /// The same under another server name.
  public RelaySettings named(String name) {
    return copy(name, motd, tls, home, limits, chat, access);
  }

  private RelaySettings copy(
      String name,
      Optional<String> message,
      Optional<TlsFiles> files,
      Optional<Path> folder,
      RelayLimits bounds,
      ChatRules talk,
      AccessRules entry) {
    return new RelaySettings(
        host,
        port,
        name,
        relay,
        origin,
        channels,
        verifiedChannels,
        message,
        files,
        folder,
        bounds,
        talk,
        entry);
  }
}
