package org.agentchat.cli;

import org.agentchat.client.ClientSettings;
import org.agentchat.client.ReconnectPolicy;
import org.agentchat.schemas.identity.Identity;
import org.jspecify.annotations.Nullable;

/// A relay that is told of a key's end.
///
/// @param url as it was typed
/// @param origin the only log that it may be a relay of; null: whatever log it names
record NamedRelay(String url, @Nullable String origin) {
  /// How to connect to it once, as an agent that can sign.
  ///
  /// @throws picocli.CommandLine.ParameterException if it is not the address of a relay, or the
  ///   origin not that of a log
  ClientSettings signing(Identity signer, Output output) {
    ClientSettings settings =
        RelayOptions.signing(url, signer, output).withReconnect(ReconnectPolicy.NEVER);
    try {
      return origin == null ? settings : settings.withOrigin(origin);
    } catch (IllegalArgumentException e) {
      throw output.usage(String.valueOf(e.getMessage()));
    }
  }
}
