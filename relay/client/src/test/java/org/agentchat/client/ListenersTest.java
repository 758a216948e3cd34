package org.agentchat.client;

import static org.agentchat.client.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.message.ServerMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ListenersTest {
  private FakeRelay relay;
  private Agents agents;

  @BeforeEach
  void start() throws IOException {
    relay = FakeRelay.start(FakeRelay.Kind.OURS);
    agents = new Agents(relay);
  }

  @AfterEach
  void stop() throws IOException {
    agents.close();
    relay.close();
    assertThat(relay.complaints()).isEmpty();
  }

  private static ServerMessage.AgentLeft left(int number) {
    return new ServerMessage.AgentLeft(number, "#general", AgentId.SERVER, null);
  }

  @Test
  void everyFrameIsHeardInOrderWithItsText() {
    AgentChatClient client = agents.create(agents.settings(1));
    List<ServerFrame> heard = new CopyOnWriteArrayList<>();
    Subscription _ = client.onFrame(heard::add);

    client.connect().orThrow();
    client.join("#general").orThrow();
    IntStream.range(0, 1000).forEach(i -> relay.peer().send(left(i)));
    await().until(() -> heard.size() == 1003);

    assertThat(heard.subList(0, 3))
        .extracting(frame -> frame.message().getClass().getSimpleName())
        .containsExactly("Challenge", "Welcome", "Joined");
    assertThat(heard.subList(3, 1003))
        .extracting(frame -> frame.message().ts())
        .isEqualTo(IntStream.range(0, 1000).mapToObj(i -> (long) i).toList());
    assertThat(heard.getFirst().text()).startsWith("{\"type\":\"CHALLENGE\"");
  }

  @Test
  void kindIsAFilterAndUnsubscribingEndsIt() {
    AgentChatClient client = agents.connect(1);
    List<ServerMessage> some = new CopyOnWriteArrayList<>();
    List<ServerMessage> all = new CopyOnWriteArrayList<>();
    Subscription few = client.on(ServerMessage.AgentLeft.class, some::add);
    Subscription _ = client.on(ServerMessage.class, all::add);

    relay.peer().send(left(1));
    client.ping().orThrow();
    await().until(() -> all.size() == 2);
    few.close();
    few.close();
    relay.peer().send(left(2));
    await().until(() -> all.size() == 3);

    assertThat(some).containsExactly(left(1));
  }

  @Test
  void listenerThatThrowsIsCalledAgainAndHarmsNobody() {
    AgentChatClient client = agents.connect(1);
    List<ServerMessage> heard = new CopyOnWriteArrayList<>();
    Subscription _ =
        client.on(
            ServerMessage.AgentLeft.class,
            frame -> {
              heard.add(frame);
              Thread.currentThread().interrupt();
              throw new IllegalStateException("a listener's own fault, thrown by a test");
            });
    Subscription _ = client.on(ServerMessage.AgentLeft.class, heard::add);

    relay.peer().send(left(1));
    relay.peer().send(left(2));
    await().until(() -> heard.size() == 4);

    assertThat(client.ping()).isInstanceOf(Reply.Done.class);
  }

  @Test
  void listenerMayCallTheClientAndCloseIt() {
    AgentChatClient client = agents.connect(1);
    List<String> joined = new CopyOnWriteArrayList<>();
    Subscription _ =
        client.on(
            ServerMessage.AgentLeft.class,
            _ -> {
              joined.add(client.join("#general").orThrow().channel());
              client.close();
            });

    relay.peer().send(left(1));

    await().until(() -> !client.isConnected());
    assertThat(joined).containsExactly("#general");
  }

  @Test
  void listenerThatFallsBehindCostsTheConnection() {
    AgentChatClient client =
        agents.connect(agents.settings(1).withReconnect(ReconnectPolicy.NEVER));
    CompletableFuture<Void> called = new CompletableFuture<>();
    CompletableFuture<Void> release = new CompletableFuture<>();
    List<Disconnected> ends = new CopyOnWriteArrayList<>();
    Subscription _ =
        client.on(
            ServerMessage.AgentLeft.class,
            _ -> {
              called.complete(null);
              release.join();
            });
    Subscription _ = client.onDisconnect(ends::add);
    Peer peer = relay.peer();

    peer.send(left(0));
    called.join();
    // The last of them is the one too many, so nothing is sent to a line that is closing.
    IntStream.rangeClosed(0, Listeners.MAX_WAITING_FRAMES).forEach(i -> peer.send(left(i)));
    await().until(() -> !client.isConnected());
    release.complete(null);

    await().until(() -> ends.size() == 1);
    assertThat(ends.getFirst().reason())
        .isEqualTo("the listeners fell behind by 8192 frames or more");
    await().until(() -> peer.closeCode() != null);
  }
}
