package org.agentchat.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.agentchat.cli.Commands.Ran;
import org.agentchat.client.AgentChatClient;
import org.agentchat.client.ClientSettings;
import org.agentchat.client.IdentityFile;
import org.agentchat.client.ReconnectPolicy;
import org.agentchat.client.Reply;
import org.agentchat.ledger.VerifiedEvents;
import org.agentchat.relay.AccessRules;
import org.agentchat.relay.Relay;
import org.agentchat.relay.RelaySettings;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.message.AccessNotice;
import org.agentchat.schemas.message.AdminKey;
import org.agentchat.schemas.message.AdminMessage;
import org.agentchat.schemas.message.ChatNotice;
import org.agentchat.schemas.message.ServerMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What admins say in `connect` and through the library, and what else the library says that is
/// never recorded, against a real relay that knows Alice as an admin and has a shared key.
final class AdminCommandsIT {
  private static final String ORIGIN = "agentchat.test/1";
  private static final AdminKey MODERATION = AdminKey.of("moderation-key");

  @TempDir private Path folder;
  private final InputStream keyboard = System.in;
  private final List<ServerMessage> heard = new CopyOnWriteArrayList<>();
  private Relay relay;
  private Path alice;
  private Path bob;
  private AgentChatClient ears;

  @BeforeEach
  void start() throws Exception {
    alice = identity("alice");
    bob = identity("bob");
    AccessRules.Admins admins =
        new AccessRules.Admins(
            Optional.of(MODERATION), Optional.empty(), Set.of(), Set.of(load(alice).key()));
    relay =
        Relay.start(
            RelaySettings.of("127.0.0.1", 0, "test-relay", ORIGIN)
                .with(AccessRules.defaults().with(AccessRules.Allowlisting.OPEN).with(admins)),
            new MemoryLog(),
            new VerifiedEvents());
    ears =
        AgentChatClient.of(
            settings(load(bob)).withReconnect(ReconnectPolicy.NEVER).withOrigin(ORIGIN));
    ears.on(ServerMessage.class, heard::add);
    ears.connect().orThrow();
    ears.join("#general").orThrow();
  }

  @AfterEach
  void stop() {
    System.setIn(keyboard);
    ears.close();
    relay.close();
  }

  private Path identity(String name) {
    Path file = folder.resolve(name + ".json");
    assertThat(Commands.run("identity", "-g", "-n", name, "-f", file.toString()).exit()).isZero();
    return file;
  }

  private static Identity load(Path file) {
    return new IdentityFile(file).load();
  }

  private ClientSettings settings(Identity identity) {
    return ClientSettings.of(URI.create(relay.url()), identity);
  }

  private AgentId bobsId() {
    return load(bob).id();
  }

  private Ran alice(String lines) {
    System.setIn(new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8)));
    return Commands.run("connect", relay.url(), "-i", alice.toString());
  }

  private <M extends ServerMessage> List<M> heard(Class<M> kind) {
    return heard.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  private <M extends ServerMessage> M awaitFirst(Class<M> kind) {
    await().atMost(ServeProcess.PATIENCE).until(() -> !heard(kind).isEmpty());
    return heard(kind).getFirst();
  }

  @Test
  void adminTypesWhoMayComeInAndWhoMayNot() {
    Ran ran =
        alice(
            """
            /typing
            /approve %s a friend
            /allowlist
            /revoke %s
            /unvouch %s
            /vouch %s
            /motd be kind
            /motd
            /ban %s too loud
            /unban %s
            /kick %s
            """
                .formatted(bob, bobsId(), bobsId(), bobsId(), bobsId(), bobsId(), bobsId()));

    assertThat(ran.err())
        .contains(
            "Approved " + bobsId() + "\n",
            "Approved (others come in as well):\n  " + bobsId() + "  ",
            "  a friend\n",
            "Took " + bobsId() + " off the allowlist\n",
            "Vouches no more for " + bobsId() + "\n",
            "Vouched for " + bobsId() + "\n",
            "The message of the day is: be kind\n",
            "There is no message of the day any more\n",
            "Banned " + bobsId() + "\n",
            "Lifted the ban of " + bobsId() + "\n",
            "Error: Agent " + bobsId() + " not found or not online");
    assertThat(awaitFirst(ChatNotice.Typing.class).channel()).isEqualTo("#general");
    assertThat(awaitFirst(AccessNotice.Banned.class).reason()).isEqualTo("too loud");
    assertThat(heard(AccessNotice.MotdUpdate.class))
        .extracting(AccessNotice.MotdUpdate::motd)
        .containsExactly("be kind", null);
    await().atMost(ServeProcess.PATIENCE).until(() -> !ears.isConnected());
  }

  @Test
  void whoIsNoAdminIsToldSo() {
    try (AgentChatClient stranger = AgentChatClient.of(settings(load(identity("mallory"))))) {
      stranger.connect().orThrow();

      assertThat(stranger.administer(new AdminMessage.Kick(bobsId(), AdminKey.of("guess"), null)))
          .isEqualTo(new Reply.Refused<>("AUTH_REQUIRED", "Invalid admin key", null));
      AccessNotice.AdminResult kicked =
          stranger.administer(new AdminMessage.Kick(bobsId(), MODERATION, "bye")).orThrow();

      assertThat(kicked.agentId()).isEqualTo(bobsId());
      assertThat(awaitFirst(AccessNotice.Kicked.class).reason()).isEqualTo("bye");
    }
  }

  @Test
  void pieceOfAFileArrives() {
    try (AgentChatClient sender = AgentChatClient.of(settings(load(alice)))) {
      sender.connect().orThrow();

      assertThat(sender.sendFileChunk(bobsId(), "piece").orThrow()).isEqualTo(bobsId());
      assertThat(sender.sendFileChunk(new AgentId("nobody"), "piece"))
          .isInstanceOfSatisfying(
              Reply.Refused.class,
              refused -> assertThat(refused.code()).isEqualTo("AGENT_NOT_FOUND"));

      assertThat(awaitFirst(ChatNotice.FileChunk.class).content()).isEqualTo("piece");
    }
  }

  @Test
  void relayOfAnotherLogIsRefused() {
    Ran other =
        Commands.run("channels", relay.url(), "-i", alice.toString(), "--origin", "else.where/1");
    Ran same = Commands.run("channels", relay.url(), "-i", alice.toString(), "--origin", ORIGIN);
    Ran none = Commands.run("channels", relay.url(), "--origin", "not an origin");

    assertThat(other.err())
        .isEqualTo(
            "Error: %s names the log %s, and else.where/1 is wanted\n"
                .formatted(relay.url(), ORIGIN));
    assertThat(other.exit()).isEqualTo(Exit.FAILED);
    assertThat(same.out()).startsWith("Available channels:");
    assertThat(none.err()).contains("log origin: ");
  }
}
