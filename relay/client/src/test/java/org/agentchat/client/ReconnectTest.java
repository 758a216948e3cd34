package org.agentchat.client;

import static org.agentchat.client.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.agentchat.schemas.message.ClientMessage;
import org.agentchat.schemas.message.ServerMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReconnectTest {
  private FakeRelay relay;
  private Agents agents;
  private final List<Object> events = new CopyOnWriteArrayList<>();

  @BeforeEach
  void start() throws IOException {
    relay = FakeRelay.start(FakeRelay.Kind.OURS);
    agents = new Agents(relay);
  }

  @AfterEach
  void stop() throws IOException {
    agents.close();
    relay.close();
    // A line that the relay itself cuts breaks on its side too.
    assertThat(relay.complaints()).allMatch(complaint -> complaint.startsWith("broke: "));
  }

  private AgentChatClient connect(ClientSettings settings) {
    AgentChatClient client = agents.connect(settings);
    Subscription _ = client.onDisconnect(events::add);
    Subscription _ = client.onReconnect(events::add);
    return client;
  }

  private AgentChatClient connect() {
    return connect(agents.settings(1));
  }

  @Test
  void lostConnectionComesBackInItsChannels() {
    AgentChatClient client = connect();
    client.join("#general").orThrow();
    client.join("#left").orThrow();
    client.join("#skills").orThrow();
    client.leave("#left").orThrow();

    relay.peer().cut();
    await().until(() -> events.size() == 2);

    assertThat(events.getFirst())
        .isInstanceOfSatisfying(
            Disconnected.class, lost -> assertThat(lost.reconnecting()).isTrue());
    assertThat(events.getLast())
        .isEqualTo(new Reconnected(client.welcome(), List.of("#general", "#skills")));
    assertThat(relay.peers()).hasSize(2);
    assertThat(client.send("#general", "back")).isInstanceOf(Reply.Done.class);
  }

  @Test
  void nothingIsSentBeforeWelcomeAndNothingIsKeptForLater() {
    AgentChatClient client = connect();
    AtomicInteger attempts = new AtomicInteger();
    relay.on(
        ClientMessage.Identify.class,
        (peer, asked) -> {
          if (attempts.incrementAndGet() == 1) {
            return; // silent, so that calls fall into the handshake
          }
          relay.identify(peer, asked);
        });

    relay.peer().cut();
    await().until(() -> attempts.get() == 1);
    assertThatThrownBy(() -> client.send("#general", "lost"))
        .isInstanceOfSatisfying(
            ConnectionLostException.class, e -> assertThat(e.outcomeUnknown()).isFalse());
    relay.peer().cut();
    await().until(() -> events.size() == 2);

    assertThat(client.ping()).isInstanceOf(Reply.Done.class);
    for (Peer peer : relay.peers()) {
      assertThat(peer.heard().getFirst()).contains("IDENTIFY");
      assertThat(peer.heard("MSG")).isZero();
    }
  }

  @Test
  void triesUntilTheRelayIsBack() {
    AgentChatClient client = connect();
    AtomicInteger attempts = new AtomicInteger();
    relay.on(
        ClientMessage.Identify.class,
        (peer, asked) -> {
          switch (attempts.incrementAndGet()) {
            case 1 -> peer.cut();
            case 2 -> peer.sendClose(1001, "starting");
            case 3 -> relay.refuse(peer, asked, "SERVER_FULL", "later");
            default -> relay.identify(peer, asked);
          }
        });

    relay.peer().sendClose(1001, "restart");
    await().until(() -> events.size() == 2);

    assertThat(attempts).hasValue(4);
    assertThat(client.isConnected()).isTrue();
  }

  @Test
  void displacedAgentStaysAway() {
    AgentChatClient client = connect();

    relay.peer().send(new ServerMessage.SessionDisplaced(1, "Another connection", null));
    relay.peer().sendClose(1000, "Identity claimed by verified connection");
    await().until(() -> !events.isEmpty());

    assertThat(events)
        .containsExactly(new Disconnected("another connection proved the same key", false));
    assertThatThrownBy(client::ping)
        .isInstanceOf(ConnectionLostException.class)
        .hasMessageContaining("another connection proved the same key");
    assertThat(relay.peers()).hasSize(1);
    assertThat(client.connect()).isInstanceOf(Reply.Done.class);
  }

  @Test
  void lastingRefusalEndsTheAttempts() {
    connect();
    relay.on(
        ClientMessage.Identify.class,
        (peer, asked) -> relay.refuse(peer, asked, "BANNED", "You are banned"));

    relay.peer().cut();
    await().until(() -> events.size() == 2);

    assertThat(events.getLast())
        .isEqualTo(new Disconnected("not let in again, BANNED: You are banned", false));
  }

  /// More channels than may be joined at once.
  @Test
  void channelThatIsRateLimitedIsAskedForAgain() {
    AgentChatClient client = connect();
    client.join("#general").orThrow();
    AtomicInteger joins = new AtomicInteger();
    relay.on(
        ClientMessage.Join.class,
        (peer, asked) -> {
          if (joins.incrementAndGet() == 1) {
            relay.refuse(peer, asked, "RATE_LIMITED", "later");
          } else {
            relay.join(peer, asked);
          }
        });

    relay.peer().cut();
    await().until(() -> events.size() == 2);

    assertThat(events.getLast()).isEqualTo(new Reconnected(client.welcome(), List.of("#general")));
    assertThat(client.channels()).containsExactly("#general");
  }

  @Test
  void channelThatRefusesIsForgotten() {
    AgentChatClient client = connect();
    client.join("#general").orThrow();
    relay.on(
        ClientMessage.Join.class,
        (peer, asked) -> relay.refuse(peer, asked, "CHANNEL_NOT_FOUND", "gone"));

    relay.peer().cut();
    await().until(() -> events.size() == 2);

    assertThat(events.getLast()).isEqualTo(new Reconnected(client.welcome(), List.of()));
    assertThat(client.channels()).isEmpty();
  }

  @Test
  void givesUpAtLast() throws IOException {
    ReconnectPolicy brief =
        new ReconnectPolicy(
            Duration.ofMillis(10), Duration.ofMillis(20), Duration.ZERO, Duration.ofSeconds(3));
    AgentChatClient client = connect(agents.settings(1).withReconnect(brief));

    relay.close();
    await().until(() -> events.size() == 2);

    assertThat(events.getLast())
        .isInstanceOfSatisfying(
            Disconnected.class,
            last -> {
              assertThat(last.reconnecting()).isFalse();
              assertThat(last.reason()).contains("gave up after 3 s", "connection refused");
            });
    assertThatThrownBy(client::ping).hasMessageContaining("gave up");
  }

  @Test
  void closeEndsTheAttempts() throws IOException {
    AgentChatClient client = connect();
    relay.close();
    await().until(() -> events.size() == 1);

    client.close();
    await().until(() -> events.size() == 2);

    assertThat(events.getLast()).isEqualTo(new Disconnected("closed by this client", false));
    assertThatThrownBy(client::ping).hasMessage("not connected: closed by this client");
  }

  @Test
  void manyLossesInARowAreSurvived() {
    AgentChatClient client = connect();
    client.join("#general").orThrow();

    for (int round = 1; round <= 10; round++) {
      relay.peer().cut();
      int expected = round * 2;
      await().until(() -> events.size() == expected);
    }

    assertThat(client.send("#general", "still here")).isInstanceOf(Reply.Done.class);
    assertThat(relay.peers()).hasSize(11);
  }
}
