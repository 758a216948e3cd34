package org.agentchat.cli;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.agentchat.client.AgentChatClient;
import org.agentchat.client.ClientSettings;
import org.agentchat.client.IdentityFile;
import org.agentchat.client.ReconnectPolicy;
import org.agentchat.schemas.identity.Identity;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The relay to talk to, and as whom: without `-i` our own identity, if there is one.
final class RelayOptions {
  @Parameters(
      index = "0",
      paramLabel = "<server>",
      description = "The relay, for example ws://localhost:6667.")
  private String server;

  @Option(
      names = {"-i", "--identity"},
      paramLabel = "<file>",
      description = "Our identity (default: identity.json in --home, if it is there).")
  private @Nullable Path identity;

  @Option(
      names = "--origin",
      paramLabel = "<origin>",
      description = "Talk to a relay of this log only (default: whatever log it names).")
  private @Nullable String origin;

  @Mixin private HomeFolder home;

  /// Filled in by the command line.
  RelayOptions() {}

  /// For a command that has read them itself.
  RelayOptions(String server, @Nullable Path identity, HomeFolder home) {
    this.server = server;
    this.identity = identity;
    this.home = home;
  }

  /// Connects for one question or a few, as an agent without a key if there is no identity.
  ///
  /// @param name the display name; null: the identity's, or one made of the process id
  AgentChatClient connect(@Nullable String name, Output output) {
    return open(once(settings(name, identity().orElse(null), output)));
  }

  /// Connects as an agent that can sign.
  ///
  /// @throws CommandFailure if there is no identity
  AgentChatClient connectSigned(Output output) {
    Identity signer = signer();
    IdentityRotation.warnIfUntold(identity == null ? home.identity() : identity, signer, output);
    return open(once(settings(null, signer, output)));
  }

  /// Who signs.
  ///
  /// @throws CommandFailure if there is no identity
  Identity signer() {
    return identity().orElseThrow(() -> PublicIdentity.missing(home.identity(), "-i"));
  }

  /// What the log has to tell the agent waits for somebody who listens.
  private static ClientSettings once(ClientSettings settings) {
    return settings.withReconnect(ReconnectPolicy.NEVER).withSince(ClientSettings.NOTHING_AGAIN);
  }

  /// A client that is not connected yet, for those who listen from the first frame on.
  ///
  /// @param since the last log index that we have, or null for what the relay knows of us
  AgentChatClient prepare(@Nullable String name, @Nullable Long since, Output output) {
    ClientSettings settings = settings(name, identity().orElse(null), output);
    return AgentChatClient.of(since == null ? settings : settings.withSince(since));
  }

  private static AgentChatClient open(ClientSettings settings) {
    AgentChatClient client = AgentChatClient.of(settings);
    try {
      Refusals.done(client.connect());
      return client;
    } catch (RuntimeException e) {
      client.close();
      throw e;
    }
  }

  private Optional<Identity> identity() {
    if (identity != null) {
      return Optional.of(load(identity));
    }
    Path own = home.identity();
    return new IdentityFile(own).exists() ? Optional.of(load(own)) : Optional.empty();
  }

  private static Identity load(Path file) {
    IdentityFile stored = new IdentityFile(file);
    if (!stored.exists()) {
      throw PublicIdentity.missing(file, "-i");
    }
    return stored.load();
  }

  private ClientSettings settings(@Nullable String name, @Nullable Identity signer, Output output) {
    try {
      ClientSettings settings = ClientSettings.of(uri(output), displayName(name, signer));
      ClientSettings wanted = origin == null ? settings : settings.withOrigin(origin);
      return signer == null ? wanted : wanted.withIdentity(signer);
    } catch (IllegalArgumentException e) {
      throw output.usage(String.valueOf(e.getMessage()));
    }
  }

  /// How to connect as an agent that can sign.
  ///
  /// @throws picocli.CommandLine.ParameterException if the text is not the address of a relay
  static ClientSettings signing(String server, Identity signer, Output output) {
    try {
      return ClientSettings.of(uri(server, output), signer);
    } catch (IllegalArgumentException e) {
      throw output.usage(String.valueOf(e.getMessage()));
    }
  }

  private static String displayName(@Nullable String name, @Nullable Identity signer) {
    if (name != null) {
      return name;
    }
    return signer == null ? "agent-" + ProcessHandle.current().pid() : signer.name();
  }

  private URI uri(Output output) {
    return uri(server, output);
  }

  /// The address of a relay.
  ///
  /// @throws picocli.CommandLine.ParameterException if the text is none
  static URI uri(String server, Output output) {
    if (!server.startsWith("ws://") && !server.startsWith("wss://")) {
      throw output.usage(
          "The server is a relay's address such as ws://localhost:6667, not '" + server + "'");
    }
    return URI.create(server);
  }
}
