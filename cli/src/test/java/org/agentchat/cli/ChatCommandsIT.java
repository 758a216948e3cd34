package org.agentchat.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.agentchat.cli.Commands.Ran;
import org.agentchat.client.AgentChatClient;
import org.agentchat.client.ClientSettings;
import org.agentchat.client.IdentityFile;
import org.agentchat.ledger.VerifiedEvents;
import org.agentchat.relay.Relay;
import org.agentchat.relay.RelaySettings;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.message.ServerMessage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The commands around the chat against a real relay over a log in memory.
final class ChatCommandsIT {
  @TempDir private Path folder;
  private final InputStream keyboard = System.in;
  private Relay relay;
  private Path alice;
  private Path bob;
  private @Nullable AgentChatClient ears;

  @BeforeEach
  void start() throws Exception {
    relay =
        Relay.start(
            RelaySettings.of("127.0.0.1", 0, "test-relay", "agentchat.test/1"),
            new MemoryLog(),
            new VerifiedEvents());
    alice = identity("alice");
    bob = identity("bob");
  }

  @AfterEach
  void stop() {
    System.setIn(keyboard);
    if (ears != null) {
      ears.close();
    }
    relay.close();
  }

  private Path identity(String name) {
    Path file = folder.resolve(name + ".json");
    assertThat(Commands.run("identity", "-g", "-n", name, "-f", file.toString()).exit()).isZero();
    return file;
  }

  @Test
  void channelIsCreatedOnce() {
    assertThat(as(alice, "create", relay.url(), "own").out()).isEqualTo("Created #own\n");
    Ran again = as(bob, "create", relay.url(), "#own");

    assertThat(again.err()).isEqualTo("Error: Channel #own already exists\n");
    assertThat(again.exit()).isEqualTo(Exit.FAILED);
    assertThat(as(bob, "channels", relay.url()).out()).contains("  #own (0 agents)\n");
  }

  @Test
  void privateChannelIsForThoseWhoAreInvited() {
    assertThat(as(alice, "create", relay.url(), "#club", "--private").out())
        .isEqualTo("Created #club (invite-only)\n");
    assertThat(as(bob, "channels", relay.url()).out()).doesNotContain("#club");
    Ran uninvited = as(bob, "send", relay.url(), "#club", "hello");
    assertThat(uninvited.exit()).isEqualTo(Exit.FAILED);

    assertThat(as(alice, "invite", relay.url(), "#club", id(bob)).out())
        .isEqualTo("Invited " + id(bob) + " to #club\n");

    assertThat(as(bob, "send", relay.url(), "#club", "hello").out()).isEqualTo("Message sent\n");
    assertThat(as(bob, "invite", relay.url(), "#nowhere", id(alice)).exit()).isEqualTo(Exit.FAILED);
  }

  @Test
  void agentThatListensProvesItsKey() {
    CompletableFuture<Ran> listener =
        CompletableFuture.supplyAsync(() -> as(bob, "listen", relay.url(), "agents", "-m", "2"));
    awaitMember("agents");

    Ran verified = as(alice, "verify", relay.url(), id(bob));

    assertThat(verified.err()).isEqualTo("Verifying identity of " + id(bob) + "...\n");
    assertThat(verified.out())
        .startsWith("Identity verified:\n  Agent: " + id(bob) + "\n  Public key: ");
    assertThat(verified.exit()).isZero();
    JsonNode json = Json.parse(as(alice, "verify", relay.url(), id(bob), "--json").out());
    assertThat(json.path("verified").booleanValue()).isTrue();
    assertThat(json.path("pubkey").stringValue())
        .isEqualTo(PublicIdentity.read(bob, "-f").key().pem());
    as(alice, "send", relay.url(), "#agents", "stop");
    assertThat(listener.join().exit()).isZero();
  }

  @Test
  void agentThatIsNotThereProvesNothing() {
    Ran ran = as(alice, "verify", relay.url(), id(bob));

    assertThat(ran.out()).isEmpty();
    assertThat(ran.err()).contains("Error: Agent " + id(bob) + " not found");
    assertThat(ran.exit()).isEqualTo(Exit.FAILED);
  }

  @Test
  void linesOfAPipeAreSaidAndDone() {
    List<String> heard = hearing("#agents");

    Ran ran =
        typing(
            """
            /who
            hello all
            /nick allie
            //slash
            /msg %s psst
            /propose %s -a 5 -c SOL review my code
            /leave
            /join #agents
            bye
            /quit
            never said
            """
                .formatted(id(bob), id(bob)),
            "connect",
            relay.url(),
            "--join",
            "agents",
            "-i",
            alice.toString());

    assertThat(ran.err())
        .startsWith("Connected as " + id(alice) + "\nJoined #agents\n")
        .contains(
            "Agents in #agents:\n",
            "(bob) [online]\n",
            "You are now called allie\n",
            "  Amount: 5 SOL\n",
            "Left #agents\n")
        .doesNotContain("Error");
    assertThat(ran.exit()).isZero();
    await().atMost(ServeProcess.PATIENCE).until(() -> heard.contains("bye"));
    assertThat(heard).contains("hello all", "/slash", "psst").doesNotContain("never said");
  }

  @Test
  void linesThatFailAreToldAndTheRestIsDone() {
    List<String> heard = hearing("#general");
    Ran ran =
        typing(
            "/leave\nnobody hears this\n/dance\n/join #general\nhello\n",
            "connect",
            relay.url(),
            "--home",
            folder.resolve("none").toString());

    assertThat(ran.err())
        .contains(
            "Left #general\n",
            "Error: You are in no channel; /join one first\n",
            "Error: There is no command /dance; see /help\n",
            "Joined #general\n");
    assertThat(ran.exit()).isEqualTo(Exit.FAILED);
    await().atMost(ServeProcess.PATIENCE).until(() -> heard.contains("hello"));
  }

  @Test
  void relayThatIsNotThereIsSaidAtOnce() {
    Ran ran = typing("hello\n", "connect", "ws://127.0.0.1:1");

    assertThat(ran.err()).isEqualTo("Error: Connection refused. Is the server running?\n");
    assertThat(ran.exit()).isEqualTo(Exit.UNREACHABLE);
  }

  private static Ran typing(String lines, String... command) {
    System.setIn(new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8)));
    return Commands.run(command);
  }

  /// What is said to Bob and in a channel, from now on.
  private List<String> hearing(String channel) {
    ears =
        AgentChatClient.of(
            ClientSettings.of(URI.create(relay.url()), new IdentityFile(bob).load()));
    List<String> heard = new CopyOnWriteArrayList<>();
    ears.on(ServerMessage.Msg.class, message -> heard.add(message.content()));
    ears.connect().orThrow();
    ears.join(channel).orThrow();
    return heard;
  }

  private void awaitMember(String channel) {
    String one = "#" + channel + " (1 agents)";
    await()
        .atMost(ServeProcess.PATIENCE)
        .until(() -> as(alice, "channels", relay.url()).out().contains(one));
  }

  private static Ran as(Path identity, String... arguments) {
    String[] all = Arrays.copyOf(arguments, arguments.length + 2);
    all[arguments.length] = "-i";
    all[arguments.length + 1] = identity.toString();
    return Commands.run(all);
  }

  private static String id(Path identity) {
    return PublicIdentity.read(identity, "-f").id().toString();
  }
}
