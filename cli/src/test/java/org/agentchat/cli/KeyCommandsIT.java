package org.agentchat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.agentchat.cli.Commands.Ran;
import org.agentchat.client.AgentChatClient;
import org.agentchat.client.ClientSettings;
import org.agentchat.client.IdentityFile;
import org.agentchat.client.ReconnectPolicy;
import org.agentchat.client.Reply;
import org.agentchat.ledger.VerifiedEvents;
import org.agentchat.ledger.server.LedgerServer;
import org.agentchat.ledger.server.LedgerSettings;
import org.agentchat.relay.Relay;
import org.agentchat.relay.RelaySettings;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.json.Json;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Skills and keys against a real relay and a real ledger over a log in memory.
final class KeyCommandsIT {
  @TempDir private Path folder;
  private final MemoryLog log = new MemoryLog();
  private final VerifiedEvents verified = new VerifiedEvents();
  private Relay relay;
  private LedgerServer ledger;
  private Path alice;

  @BeforeEach
  void start() throws Exception {
    relay =
        Relay.start(
            RelaySettings.of("127.0.0.1", 0, "test-relay", "agentchat.test/1"), log, verified);
    ledger =
        LedgerServer.start(
            LedgerSettings.of(folder.resolve("ledger.db").toString()).withPort(0), log, verified);
    alice = folder.resolve("alice.json");
    assertThat(identity("-g", "-n", "alice").exit()).isZero();
  }

  @AfterEach
  void stop() {
    ledger.close();
    relay.close();
  }

  @Test
  void skillsAreAnnouncedFoundAndListed() throws Exception {
    Ran announced =
        Commands.run(
            "skills",
            "announce",
            relay.url(),
            "-c",
            "code_review",
            "-r",
            "5",
            "--currency",
            "SOL",
            "--description",
            "reviews",
            "-i",
            alice.toString());
    assertThat(announced.out()).isEqualTo("Registered 1 skill(s) for " + id() + "\n");

    String found =
        """
        Found 1 skill(s) (1 total):

          %s
            Capability: code_review
            Rate: 5 SOL
            Description: reviews
            Rating: 1200 (0 deal(s))

        """
            .formatted(id());
    assertThat(stranger("search", relay.url(), "-c", "CODE").out()).isEqualTo(found);
    assertThat(stranger("search", relay.url(), "--currency", "TEST").out())
        .isEqualTo("Found 0 skill(s) (0 total):\n\n");
    assertThat(Json.parse(stranger("search", relay.url(), "--json").out()).get(0).path("rate"))
        .isEqualTo(Json.parse("5"));

    ledger.awaitCaughtUp(ServeProcess.PATIENCE);
    String listed =
        """
        Found 1 skill(s):

          %s
            Capability: code_review
            Rate: 5 SOL
            Description: reviews

        """
            .formatted(id());
    assertThat(Commands.run("skills", "list", "--ledger", api()).out()).isEqualTo(listed);
    assertThat(Commands.run("skills", "list", id(), "--ledger", api()).out()).isEqualTo(listed);
  }

  @Test
  void skillsAreReadFromYaml() throws Exception {
    Path yaml =
        Files.writeString(
            folder.resolve("skills.yaml"),
            """
            skills:
              - capability: code_review
                rate: 5.5
                currency: TEST
              - capability: translation
                languages: [de, fr]
            """);
    assertThat(announce(yaml).out()).isEqualTo("Registered 2 skill(s) for " + id() + "\n");
    Files.writeString(yaml, "capability: one_only\n");
    assertThat(announce(yaml).out()).isEqualTo("Registered 1 skill(s) for " + id() + "\n");
    Files.writeString(yaml, "skills: []\n");
    assertThat(announce(yaml).err()).startsWith("Error: Skills array cannot be empty");
    Files.writeString(yaml, "skills: [\n");
    assertThat(announce(yaml).err()).contains("is not YAML").hasLineCount(1);
  }

  private Ran announce(Path yaml) {
    return Commands.run(
        "skills", "announce", relay.url(), "-f", yaml.toString(), "-i", alice.toString());
  }

  @Test
  void rotationIsInTheLogBeforeTheFileIsReplaced() throws Exception {
    String old = id();
    Ran rotated = identity("--rotate", "--server", relay.url());
    assertThat(rotated.exit()).isZero();
    assertThat(rotated.err()).isEqualTo("The log has the rotation at index 1.\n");
    assertThat(id()).isNotEqualTo(old);
    assertThat(identity("--rotate", "--server", relay.url()).exit()).isZero();

    ledger.awaitCaughtUp(ServeProcess.PATIENCE);
    assertThat(identity("--verify-chain", "--ledger", api()).out())
        .contains("Rotations: 2\n", "  Log: 3 key(s), " + id() + " since index 2\n");
    assertThat(Commands.run("ratings", old, "--ledger", api()).exit()).isZero();
  }

  @Test
  void rotationThatWasInterruptedAfterTheLogHadItIsFinished() {
    Identity old = new IdentityFile(alice).load();
    Identity next = old.successor(new SecureRandom(), Instant.now());
    new IdentityFile(folder.resolve("alice.json.next")).create(next);
    ClientSettings settings =
        ClientSettings.of(URI.create(relay.url()), old).withReconnect(ReconnectPolicy.NEVER);
    try (AgentChatClient client = AgentChatClient.of(settings)) {
      assertThat(client.connect()).isInstanceOf(Reply.Done.class);
      assertThat(client.rotateKey(next)).isInstanceOf(Reply.Done.class);
    }

    Ran ran = identity("--rotate", "--server", relay.url());
    assertThat(ran.exit()).isZero();
    assertThat(ran.err()).contains("Going on with", "The log had the rotation already.");
    Path kept = folder.resolve("alice.json." + old.id().name() + ".ended");
    assertThat(new IdentityFile(kept).load().key()).as("nothing is lost").isEqualTo(old.key());
    assertThat(PublicIdentity.read(alice, "-f").key()).isEqualTo(next.key());
  }

  @Test
  void rotationsWithoutARelayAreToldLater() throws Exception {
    String first = id();
    assertThat(identity("--rotate").exit()).isZero();
    assertThat(identity("--rotate").exit()).isZero();
    String last = id();
    Ran warned = Commands.run("accept", relay.url(), "prop_none", "-i", alice.toString());
    assertThat(warned.err()).contains("To the log, " + last + " is a new agent", first);

    Ran told = identity("--rotate", "--server", relay.url());
    assertThat(told.exit()).as(told.err()).isZero();
    assertThat(told.err()).isEqualTo("The log has the rotation at index 1.\n");
    assertThat(id()).isEqualTo(last);
    assertThat(folder.resolve("alice.json.untold")).doesNotExist();
    ledger.awaitCaughtUp(ServeProcess.PATIENCE);
    assertThat(identity("--verify-chain", "--ledger", api()).out())
        .contains("Rotations: 2\n", "  Log: 2 key(s), " + last + " since index 1\n");
  }

  /// A key that has ended in one log may have been meant to end in another.
  @Test
  void relayOfAnotherLogIsToldNothing() {
    String before = id();
    for (List<String> words : List.of(List.of("--rotate"), List.of("--revoke", "stolen"))) {
      List<String> all = new ArrayList<>(words);
      all.addAll(List.of("--server", relay.url(), "--origin", "another.example/log"));
      Ran ran = identity(all.toArray(String[]::new));
      assertThat(ran.exit()).as(ran.toString()).isEqualTo(Exit.FAILED);
      assertThat(ran.err()).contains("another.example/log");
      assertThat(id()).isEqualTo(before);
    }
    assertThat(identity("--rotate", "--origin", "another.example/log").exit())
        .isEqualTo(Exit.USAGE);
    assertThat(identity("--rotate", "--server", relay.url()).err())
        .as("the log heard of nothing before")
        .contains("The log has the rotation at index 1.\n");
  }

  @Test
  void rotationThatTheLogDoesNotTakeLeavesTheFile() {
    String url = relay.url();
    relay.close();
    String before = id();
    Ran ran = identity("--rotate", "--server", url);

    assertThat(ran.exit()).isEqualTo(Exit.UNREACHABLE);
    assertThat(id()).isEqualTo(before);
    assertThat(folder.resolve("alice.json.next")).exists();
  }

  @Test
  void revokedKeyIsKnownToTheLogAndLetInNowhere() throws Exception {
    Ran revoked = identity("--revoke", "stolen", "--server", relay.url());
    assertThat(revoked.exit()).isZero();
    assertThat(revoked.err()).endsWith("The log has the revocation at index 1.\n");
    assertThat(Json.parse(revoked.out()).path("reason").stringValue()).isEqualTo("stolen");

    Ran refused = announce(Files.writeString(folder.resolve("s.yaml"), "capability: x\n"));
    assertThat(refused.exit()).isEqualTo(Exit.FAILED);
    assertThat(refused.err()).startsWith("Error: The key of " + id() + " was revoked at index 1");
    ledger.awaitCaughtUp(ServeProcess.PATIENCE);
    Ran chain = identity("--verify-chain", "--ledger", api());
    assertThat(chain.exit()).isEqualTo(Exit.DIFFERENCE);
    assertThat(chain.err()).contains("was revoked at index 1");
  }

  private Ran identity(String... arguments) {
    return Commands.run(
        Stream.of(Stream.of("identity"), Stream.of(arguments), Stream.of("-f", alice.toString()))
            .flatMap(part -> part)
            .toArray(String[]::new));
  }

  private Ran stranger(String... arguments) {
    return Commands.run(
        Stream.of(
                Stream.of("skills"),
                Stream.of(arguments),
                Stream.of("--home", folder.resolve("none").toString()))
            .flatMap(part -> part)
            .toArray(String[]::new));
  }

  private String id() {
    return PublicIdentity.read(alice, "-f").id().toString();
  }

  private String api() {
    return "http://127.0.0.1:" + ledger.address().getPort();
  }
}
