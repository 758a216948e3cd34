package org.agentchat.relay;

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
/// @param motd the message of the day
/// @param secret what the relay's nonces for court cases follow from
/// @param tls certificate and key, to serve `wss`
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
    RelaySecret secret,
    RelayLimits limits) {

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
        RelaySecret.random(),
        RelayLimits.defaults());
  }

  /// The same with other limits.
  public RelaySettings with(RelayLimits other) {
    return new RelaySettings(
        host, port, server, relay, origin, channels, verifiedChannels, motd, tls, secret, other);
  }

  /// The same over TLS.
  public RelaySettings with(TlsFiles files) {
    return new RelaySettings(
        host,
        port,
        server,
        relay,
        origin,
        channels,
        verifiedChannels,
        motd,
        Optional.of(files),
        secret,
        limits);
  }

  /// The same under another server name.
  public RelaySettings named(String name) {
    return new RelaySettings(
        host, port, name, relay, origin, channels, verifiedChannels, motd, tls, secret, limits);
  }

  /// The same with another secret.
  public RelaySettings with(RelaySecret kept) {
    return new RelaySettings(
        host, port, server, relay, origin, channels, verifiedChannels, motd, tls, kept, limits);
  }
}
