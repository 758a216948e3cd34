package org.agentchat.client;

import static org.agentchat.client.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.message.AccessNotice;
import org.agentchat.schemas.message.ClientMessage;
import org.agentchat.schemas.message.ServerMessage;
import org.agentchat.schemas.statement.Scheme;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HandshakeTest {
  private FakeRelay relay;
  private Agents agents;

  @BeforeEach
  void start() throws IOException {
    use(FakeRelay.start(FakeRelay.Kind.OURS));
  }

  private void use(FakeRelay started) {
    relay = started;
    agents = new Agents(relay);
  }

  @AfterEach
  void stop() throws IOException {
    agents.close();
    relay.close();
    assertThat(relay.complaints()).isEmpty();
  }

  @Test
  void keyIsProvedToOurRelayBoundToItsName() {
    AgentChatClient client = agents.connect(1);

    assertThat(client.isConnected()).isTrue();
    assertThat(client.agentId()).isEqualTo(Agents.identity(1).id());
    assertThat(client.welcome().origin()).isEqualTo(FakeRelay.ORIGIN);
    assertThat(relay.peer().heard().getLast()).contains("\"scheme\":\"" + Scheme.BOUND + "\"");
  }

  @Test
  void keyIsProvedToTheReferenceAsExistingClientsDo() throws IOException {
    relay.close();
    use(FakeRelay.start(FakeRelay.Kind.REFERENCE));

    AgentChatClient client = agents.connect(1);

    assertThat(client.agentId()).isEqualTo(Agents.identity(1).id());
    assertThat(relay.peer().heard().getLast()).doesNotContain("scheme");
  }

  @Test
  void nothingIsSignedForARelayOfAnotherLog() {
    AgentChatClient client = agents.create(agents.settings(1).withOrigin("wanted.test/log"));

    assertThat(client.connect())
        .isEqualTo(
            new Reply.Refused<>(
                "WRONG_ORIGIN",
                "%s names the log %s, and wanted.test/log is wanted"
                    .formatted(relay.uri(), FakeRelay.ORIGIN),
                null));
    assertThat(client.isConnected()).isFalse();
    assertThat(relay.peer().heard()).noneMatch(frame -> frame.contains("VERIFY_IDENTITY"));
  }

  @Test
  void agentWithoutAKeyKeepsAwayFromAnotherLogToo() {
    ClientSettings settings = ClientSettings.of(relay.uri(), "nobody").withOrigin("wanted.test/x");

    assertThat(agents.create(settings).connect()).isInstanceOf(Reply.Refused.class);
    assertThat(agents.create(settings.withOrigin(FakeRelay.ORIGIN)).connect())
        .isInstanceOf(Reply.Done.class);
  }

  @Test
  void relayThatNamesNoLogIsNotTheOneThatIsWanted() throws IOException {
    relay.close();
    use(FakeRelay.start(FakeRelay.Kind.REFERENCE));

    assertThat(agents.create(agents.settings(1).withOrigin(FakeRelay.ORIGIN)).connect())
        .isEqualTo(
            new Reply.Refused<>(
                "WRONG_ORIGIN",
                "%s names no log, and %s is wanted".formatted(relay.uri(), FakeRelay.ORIGIN),
                null));
  }

  @Test
  void whatIsNoOriginIsNotWaitedFor() {
    ClientSettings settings = agents.settings(1);

    assertThatThrownBy(() -> settings.withOrigin("two words"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("two words");
  }

  @Test
  void settingsForceTheOldSchemeForProofAndStatements() {
    relay.takeJoined();
    AgentChatClient client = agents.connect(agents.settings(1).withJoinedOnly());

    client.propose(Deals.proposalTo(2)).orThrow();

    assertThat(relay.peer().heard()).noneMatch(frame -> frame.contains(Scheme.BOUND));
    assertThat(relay.statements().getFirst().scheme()).isEqualTo(new Scheme.Joined());
  }

  @Test
  void captchaIsAnsweredByWhoeverIsAsked() {
    relay.on(
        ClientMessage.Identify.class,
        (peer, asked) ->
            peer.send(
                new AccessNotice.CaptchaChallenge(
                    1, "captcha_1", "Calculate: 1 + 1", "number", 2)));
    relay.on(
        ClientMessage.CaptchaResponse.class,
        (peer, asked) -> {
          if (asked.message().equals(new ClientMessage.CaptchaResponse("captcha_1", "2"))) {
            relay.welcome(peer, AgentId.of("@guest123"), null);
          } else {
            relay.refuse(peer, asked, "CAPTCHA_FAILED", "Captcha failed");
          }
        });
    ClientSettings guest = ClientSettings.of(relay.uri(), "guest").withTimeouts(Agents.TIMEOUTS);
    assertThat(agents.create(guest).connect())
        .isInstanceOfSatisfying(
            Reply.Refused.class, no -> assertThat(no.code()).isEqualTo("CAPTCHA_REQUIRED"));
    assertThat(agents.create(guest.withCaptcha((question, hint) -> "3")).connect())
        .isInstanceOfSatisfying(
            Reply.Refused.class, no -> assertThat(no.code()).isEqualTo("CAPTCHA_FAILED"));
    assertThat(agents.create(guest.withCaptcha((question, hint) -> "2")).connect())
        .isInstanceOf(Reply.Done.class);
  }

  @Test
  void agentWithoutKeyIsEphemeral() {
    ClientSettings settings = ClientSettings.of(relay.uri(), "guest");

    AgentChatClient client = agents.connect(settings);

    assertThat(client.agentId().isPersistent()).isFalse();
    assertThat(client.propose(Deals.proposalTo(2)))
        .isInstanceOfSatisfying(
            Reply.Refused.class,
            refused -> assertThat(refused.code()).isEqualTo("SIGNATURE_REQUIRED"));
    assertThatThrownBy(() -> client.sign(Deals.proposalTo(2)))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void refusedIdentityIsAValueAndMayBeTriedAgain() {
    relay.on(
        ClientMessage.Identify.class,
        (peer, asked) -> {
          relay.on(ClientMessage.Identify.class, relay::identify);
          relay.refuse(peer, asked, "NOT_ALLOWED", "pubkey not in allowlist");
        });
    AgentChatClient client = agents.create(agents.settings(1));

    assertThat(client.connect())
        .isEqualTo(new Reply.Refused<>("NOT_ALLOWED", "pubkey not in allowlist", null));
    assertThat(client.isConnected()).isFalse();
    await().until(() -> relay.peers().getFirst().closeCode() != null);

    assertThat(client.connect()).isInstanceOf(Reply.Done.class);
  }

  @Test
  void silentRelayTimesOut() {
    // The first connection of a process takes its time; the time-out is for WELCOME alone.
    agents.connect(2);
    relay.on(ClientMessage.VerifyIdentity.class, (_, _) -> {});
    Timeouts impatient =
        new Timeouts(
            Duration.ofMillis(2_500),
            Duration.ofSeconds(1),
            Duration.ofSeconds(30),
            Duration.ofSeconds(70));
    AgentChatClient client = agents.create(agents.settings(1).withTimeouts(impatient));

    assertThatThrownBy(client::connect)
        .isInstanceOf(ConnectFailedException.class)
        .hasMessageContaining("no WELCOME within 2500 ms");
  }

  @Test
  void relayThatClosesBeforeWelcomeIsNamed() {
    relay.on(
        ClientMessage.Identify.class,
        (peer, _) -> {
          peer.send(
              new ServerMessage.Msg(
                  1,
                  AgentId.SERVER,
                  "Server",
                  "#general",
                  "hello",
                  null,
                  null,
                  null,
                  null,
                  null,
                  null,
                  null));
          peer.sendClose(1008, "Too many connections from this IP");
        });
    AgentChatClient client = agents.create(agents.settings(1));

    assertThatThrownBy(client::connect)
        .isInstanceOf(ConnectFailedException.class)
        .hasMessageContaining("1008 Too many connections from this IP");
  }

  @Test
  void challengeToAnAgentWithoutKeyFails() {
    relay.on(
        ClientMessage.Identify.class,
        (peer, _) -> peer.send(new ServerMessage.Challenge(1, "c", "n", 2, null, null)));
    AgentChatClient client = agents.create(ClientSettings.of(relay.uri(), "guest"));

    assertThatThrownBy(client::connect)
        .isInstanceOf(ConnectFailedException.class)
        .hasMessageContaining("without a key");
  }

  @Test
  void nobodyListeningIsAConnectionRefused() throws IOException {
    URI nobody;
    try (ServerSocket gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = URI.create("ws://localhost:" + gone.getLocalPort());
    }
    AgentChatClient client = agents.create(ClientSettings.of(nobody, "guest"));

    assertThatThrownBy(client::connect)
        .isInstanceOf(ConnectFailedException.class)
        .hasMessage("cannot connect to " + nobody + ": connection refused")
        .hasCauseInstanceOf(ConnectException.class);
  }

  @Test
  void webServerThatIsNoRelayIsNamedSo() throws IOException {
    try (ServerSocket web = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> answerNotFound(web));
      URI uri = URI.create("ws://localhost:" + web.getLocalPort());
      AgentChatClient client = agents.create(ClientSettings.of(uri, "guest"));

      assertThatThrownBy(client::connect)
          .isInstanceOf(ConnectFailedException.class)
          .hasMessageContaining("it answered HTTP 404, so it is no relay");
    }
  }

  private static void answerNotFound(ServerSocket web) {
    try (Socket socket = web.accept()) {
      byte[] answer =
          "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
      socket.getOutputStream().write(answer);
      socket.getInputStream().readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void operationsBeforeConnectFailAtOnce() {
    AgentChatClient client = agents.create(agents.settings(1));

    assertThatThrownBy(() -> client.join("#general"))
        .isInstanceOf(ConnectionLostException.class)
        .hasMessage("not connected: connect() was not called");
  }

  @Test
  void agentsMayShareAnHttpClientWhichOutlivesThem() {
    try (HttpClient http = HttpClient.newHttpClient()) {
      AgentChatClient one = AgentChatClient.sharing(http, agents.settings(1));
      AgentChatClient two = AgentChatClient.sharing(http, agents.settings(2));
      one.connect().orThrow();
      two.connect().orThrow();

      one.close();

      assertThat(two.ping()).isInstanceOf(Reply.Done.class);
      two.close();
    }
  }

  @Test
  void connectingTwiceIsABug() {
    AgentChatClient client = agents.connect(1);

    assertThatThrownBy(client::connect).isInstanceOf(IllegalStateException.class);
    client.close();
    assertThatThrownBy(client::connect)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void addressAndNameAreCheckedBeforeAnythingIsSent() {
    for (String address : List.of("http://localhost:1", "localhost:6667", "ws:nohost")) {
      assertThatThrownBy(() -> ClientSettings.of(URI.create(address), "guest"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(address);
    }
    assertThatThrownBy(() -> ClientSettings.of(relay.uri(), "bad name!"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("bad name!");
  }
}
