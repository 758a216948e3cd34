package org.agentchat.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.agentchat.schemas.identity.Identity;

/// Clients for tests: patient enough for a busy machine, quick to reconnect, closed together.
final class Agents implements AutoCloseable {
  static final Timeouts TIMEOUTS =
      new Timeouts(
          Duration.ofSeconds(60),
          Duration.ofSeconds(60),
          Duration.ofSeconds(30),
          Duration.ofSeconds(70));

  static final ReconnectPolicy QUICK =
      new ReconnectPolicy(
          Duration.ofMillis(10),
          Duration.ofMillis(50),
          Duration.ofMillis(5),
          Duration.ofSeconds(60));

  private final FakeRelay relay;
  private final List<AgentChatClient> clients = new ArrayList<>();

  Agents(FakeRelay relay) {
    this.relay = relay;
  }

  /// A key pair of which only the number differs.
  static Identity identity(int number) {
    byte[] seed = new byte[32];
    Arrays.fill(seed, (byte) number);
    return Identity.ofSeed("agent" + number, seed, Instant.EPOCH);
  }

  /// Settings of the agent with that number.
  ClientSettings settings(int number) {
    return ClientSettings.of(relay.uri(), identity(number))
        .withTimeouts(TIMEOUTS)
        .withReconnect(QUICK);
  }

  /// Settings that wait for replies this long.
  ClientSettings settings(int number, Duration reply) {
    return settings(number)
        .withTimeouts(new Timeouts(TIMEOUTS.connect(), reply, TIMEOUTS.ping(), TIMEOUTS.silence()));
  }

  AgentChatClient create(ClientSettings settings) {
    AgentChatClient client = AgentChatClient.of(settings);
    clients.add(client);
    return client;
  }

  AgentChatClient connect(ClientSettings settings) {
    AgentChatClient client = create(settings);
    assertThat(client.connect()).isInstanceOf(Reply.Done.class);
    return client;
  }

  AgentChatClient connect(int number) {
    return connect(settings(number));
  }

  @Override
  public void close() {
    clients.forEach(AgentChatClient::close);
  }
}
