package org.agentchat.client;

import static org.agentchat.client.OperationsTest.async;
import static org.agentchat.client.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.agentchat.schemas.message.ClientMessage;
import org.agentchat.schemas.message.ServerMessage;
import org.agentchat.schemas.message.ServerMessageCodec;
import org.agentchat.schemas.statement.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What the client does when the other side is wrong, slow or gone.
class BrokenRelayTest {
  /// Longer than a busy machine makes the answer to a ping wait.
  private static final Duration SILENCE = Duration.ofSeconds(4);

  private FakeRelay relay;
  private Agents agents;
  private final List<Disconnected> ends = new CopyOnWriteArrayList<>();

  @BeforeEach
  void start() throws IOException {
    relay = FakeRelay.start(FakeRelay.Kind.OURS);
    agents = new Agents(relay);
  }

  @AfterEach
  void stop() throws IOException {
    agents.close();
    relay.close();
    // A relay that is stuck finds its line cut when it wakes up.
    assertThat(relay.complaints()).allMatch(complaint -> complaint.startsWith("broke: "));
  }

  /// A client that does not come back.
  private AgentChatClient connect() {
    return connect(agents.settings(1));
  }

  private AgentChatClient connect(ClientSettings settings) {
    AgentChatClient client = agents.connect(settings.withReconnect(ReconnectPolicy.NEVER));
    Subscription _ = client.onDisconnect(ends::add);
    return client;
  }

  private Disconnected end() {
    await().until(() -> !ends.isEmpty());
    return ends.getFirst();
  }

  @Test
  void statementInFlightWhenTheLineBreaksIsInDoubt() {
    AgentChatClient client = connect();
    relay.on(ClientMessage.State.class, (peer, _) -> peer.cut());

    assertThatThrownBy(() -> client.accept(new Statement.Accept("prop_x", null, null)))
        .isInstanceOfSatisfying(
            ConnectionLostException.class, e -> assertThat(e.outcomeUnknown()).isTrue())
        .hasMessageStartingWith("no answer to ACCEPT: the ")
        .hasMessageEndingWith("; whether the ACCEPT was recorded is unknown");

    assertThatThrownBy(() -> client.accept(new Statement.Accept("prop_x", null, null)))
        .isInstanceOfSatisfying(
            ConnectionLostException.class, e -> assertThat(e.outcomeUnknown()).isFalse())
        // Whether the session or the link is the first to notice decides how it goes on.
        .hasMessageStartingWith("not connected");
    assertThat(end().reconnecting()).isFalse();
  }

  @Test
  void everythingInFlightFailsWhenTheRelayCloses() {
    AgentChatClient client = connect();
    relay.on(ClientMessage.Join.class, (_, _) -> {});
    CompletableFuture<Reply<ServerMessage.Joined>> one = async(() -> client.join("#a"));
    CompletableFuture<Reply<ServerMessage.Joined>> two = async(() -> client.join("#b"));
    await().until(() -> relay.peer().heard("JOIN") == 2);

    relay.peer().sendClose(1001, "Server maintenance");

    for (CompletableFuture<?> call : List.of(one, two)) {
      assertThatThrownBy(call::join).hasCauseInstanceOf(ConnectionLostException.class);
    }
    assertThat(end().reason())
        .isEqualTo("the relay closed the connection (1001 Server maintenance)");
  }

  @Test
  void lastErrorExplainsTheClose() {
    connect();

    relay.peer().send(new ServerMessage.Refused(1, "TOO_SLOW", "fell behind", null, null));
    relay.peer().sendClose(1008, "");

    assertThat(end().reason())
        .isEqualTo("the relay closed the connection (1008), after TOO_SLOW: fell behind");
  }

  @Test
  void frameInFragmentsIsReadWhole() {
    AgentChatClient client = connect();
    relay.on(
        ClientMessage.Msg.class,
        (peer, asked) -> {
          ClientMessage.Msg msg = (ClientMessage.Msg) asked.message();
          ServerMessage echo = relay.echo(peer, msg, asked.id());
          peer.sendInFragments(ServerMessageCodec.encode(echo), 3);
        });
    String content = "fragments split ✂ even 𝄞 characters ".repeat(50);

    assertThat(client.send("#general", content).orThrow().content()).isEqualTo(content);
    assertThat(client.send("#general", "again").orThrow().content()).isEqualTo("again");
  }

  @Test
  void garbageIsHeardButHarmsNothing() {
    AgentChatClient client = connect();
    List<ServerFrame> heard = new CopyOnWriteArrayList<>();
    Subscription _ = client.onFrame(heard::add);
    List<String> garbage =
        List.of(
            "",
            "not json",
            "null",
            "[]",
            "5",
            "{}",
            "{\"type\":5}",
            "{\"type\":\"MSG\"}",
            "{\"type\":\"FLOOR_CLAIMED\",\"ts\":1}",
            "{\"type\":\"PONG\",\"ts\":1,\"ts\":2}",
            "[".repeat(10_000));

    garbage.forEach(relay.peer()::send);

    assertThat(client.ping()).isInstanceOf(Reply.Done.class);
    await().until(() -> heard.size() == garbage.size() + 1);
    assertThat(heard.subList(0, garbage.size()))
        .allMatch(frame -> frame.message() instanceof ServerMessage.Unknown)
        .extracting(ServerFrame::text)
        .isEqualTo(garbage);
  }

  @Test
  void endlessFrameEndsTheConnection() {
    connect();
    Peer peer = relay.peer();

    peer.sendInFragments("x".repeat(FrameAssembly.MAX_CHARS + 1), 1 << 19);

    assertThat(end().reason())
        .isEqualTo(
            "the relay sent a frame of more than " + FrameAssembly.MAX_CHARS + " characters");
    await().until(() -> Integer.valueOf(1000).equals(peer.closeCode()));
  }

  @Test
  void silenceEndsTheConnection() {
    connectWatchful();

    relay.peer().stopAnsweringPings();

    assertThat(end().reason()).isEqualTo("nothing was heard for 4 s");
  }

  @Test
  void answeredPingsKeepAQuietConnection() {
    AgentChatClient client = connectWatchful();

    long start = System.nanoTime();
    long longer = SILENCE.toNanos() * 5 / 4;
    await().until(() -> relay.peer().pings() > 2 && System.nanoTime() - start > longer);

    assertThat(ends).isEmpty();
    assertThat(client.isConnected()).isTrue();
  }

  /// A client that asks often whether the relay is there. Another one is before it, for the first
  /// connection of a process takes its time, and a relay that is so slow would count as silent.
  private AgentChatClient connectWatchful() {
    agents.connect(2);
    return connect(
        agents
            .settings(1)
            .withTimeouts(
                new Timeouts(
                    Agents.TIMEOUTS.connect(),
                    Agents.TIMEOUTS.reply(),
                    Duration.ofMillis(100),
                    SILENCE)));
  }

  @Test
  void relayThatTakesNoFramesOverloadsInsteadOfFillingTheMemory() {
    // So much text takes a while to sign and write; until the first is refused none gives up.
    AgentChatClient client = connect(agents.settings(1, Duration.ofMinutes(3)));
    CompletableFuture<Void> release = new CompletableFuture<>();
    relay.on(ClientMessage.Msg.class, (_, _) -> release.join());
    String large = "x".repeat(2_000_000);

    // The relay's and the kernel's buffers take one or two, the outbox eight more.
    List<CompletableFuture<Reply<ServerMessage.Msg>>> calls =
        IntStream.range(0, 24).mapToObj(_ -> async(() -> client.send("#general", large))).toList();

    await().until(() -> calls.stream().anyMatch(CompletableFuture::isCompletedExceptionally));
    CompletableFuture<?> refused =
        calls.stream()
            .filter(CompletableFuture::isCompletedExceptionally)
            .findFirst()
            .orElseThrow();
    assertThatThrownBy(refused::join).hasCauseInstanceOf(OverloadedException.class);
    assertThat(client.isConnected()).isTrue();
    client.close();
    release.complete(null);
  }

  @Test
  void closeIsNormalQuickAndIdempotent() {
    AgentChatClient client = connect();
    Peer peer = relay.peer();
    relay.on(ClientMessage.Join.class, (_, _) -> {});
    CompletableFuture<Reply<ServerMessage.Joined>> waiting = async(() -> client.join("#a"));
    await().until(() -> peer.heard("JOIN") == 1);

    client.close();
    client.close();

    assertThatThrownBy(waiting::join).hasMessageContaining("closed by this client");
    assertThat(end()).isEqualTo(new Disconnected("closed by this client", false));
    await().until(() -> Integer.valueOf(1000).equals(peer.closeCode()));
    assertThatThrownBy(() -> client.join("#a"))
        .isInstanceOf(ConnectionLostException.class)
        .hasMessage("not connected: closed by this client");
    assertThat(ends).hasSize(1);
  }

  @Test
  void closeDoesNotHangOnARelayThatIsStuck() {
    AgentChatClient client = connect();
    CompletableFuture<Void> release = new CompletableFuture<>();
    relay.on(ClientMessage.Ping.class, (_, _) -> release.join());
    CompletableFuture<Reply<Duration>> stuck = async(client::ping);
    await().until(() -> relay.peer().heard("PING") == 1);

    // The relay is stuck until the end of the test.
    CompletableFuture<Void> closed =
        async(() -> {
          client.close();
          return null;
        });
    await().until(closed::isDone);

    assertThat(closed).isCompleted();
    assertThatThrownBy(stuck::join).hasCauseInstanceOf(ConnectionLostException.class);
    release.complete(null);
  }
}
