package org.agentchat.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.agentchat.cli.Commands.Ran;
import org.agentchat.ledger.VerifiedEvents;
import org.agentchat.ledger.server.LedgerServer;
import org.agentchat.ledger.server.LedgerSettings;
import org.agentchat.log.LogFile;
import org.agentchat.relay.Relay;
import org.agentchat.relay.RelaySettings;
import org.agentchat.schemas.json.Json;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The commands of a deal against a real relay and a real ledger over a log in memory.
final class DealCommandsIT {
  /// Who comes online is not announced here; that the listener itself joined is its first line.
  private static final String QUIET_CHANNEL = "agents";

  @TempDir private Path folder;
  private final MemoryLog log = new MemoryLog();
  private final VerifiedEvents verified = new VerifiedEvents();
  private Relay relay;
  private LedgerServer ledger;
  private Path alice;
  private Path bob;

  @BeforeEach
  void start() throws Exception {
    relay =
        Relay.start(
            RelaySettings.of("127.0.0.1", 0, "test-relay", "agentchat.test/1"), log, verified);
    ledger =
        LedgerServer.start(
            LedgerSettings.of(folder.resolve("ledger.db").toString()).withPort(0), log, verified);
    alice = identity("alice");
    bob = identity("bob");
  }

  @AfterEach
  void stop() {
    ledger.close();
    relay.close();
  }

  private Path identity(String name) {
    Path file = folder.resolve(name + ".json");
    assertThat(Commands.run("identity", "-g", "-n", name, "-f", file.toString()).exit()).isZero();
    return file;
  }

  @Test
  void dealGoesFromProposalToReceiptsAndRatings() throws Exception {
    introduce();
    Ran proposed =
        as(
            alice,
            "propose",
            relay.url(),
            id(bob),
            "review",
            "my",
            "code",
            "-a",
            "5",
            "-c",
            "TEST",
            "-s",
            "10");
    assertThat(proposed.out())
        .matches(
            """
            Proposal sent:
              ID: prop_[a-z2-7]{26}
              To: %s
              Task: review my code
              Amount: 5 TEST
              ELO Stake: 10
              Expires: 20[^ ]+Z

            Use this ID to track responses.
            """
                .formatted(id(bob)));
    String proposal = proposed.out().lines().skip(1).findFirst().orElseThrow().substring(6);

    assertThat(as(bob, "accept", relay.url(), proposal, "-s", "5").out())
        .isEqualTo(
            """
            Proposal accepted:
              Proposal ID: %s
              Status: accepted
              Proposer Stake: 10 ELO
              Your Stake: 5 ELO
            """
                .formatted(proposal));
    assertThat(as(bob, "complete", relay.url(), proposal, "-p", "tx:1").out())
        .isEqualTo(
            """
            Proposal completed:
              Proposal ID: %s
              Status: completed
            """
                .formatted(proposal));
    Ran late = as(bob, "dispute", relay.url(), proposal, "too", "late");
    assertThat(late.err()).startsWith("Error: PROPOSAL_NOT_ACCEPTED").hasLineCount(1);
    assertThat(late.exit()).isEqualTo(Exit.FAILED);

    ledger.awaitCaughtUp(ServeProcess.PATIENCE);
    assertThat(as(alice, "receipts", "list", "--ledger", api()).out())
        .contains("Found 1 receipt(s)", proposal, "Proof: tx:1", "Task: review my code", "5 TEST");
    assertThat(as(bob, "receipts", "summary", "--ledger", api()).out())
        .contains("Total receipts: 1", "- " + id(alice), "TEST: 1 receipts, 5 total");
    assertThat(as(alice, "ratings", "--ledger", api()).out())
        .contains("Your rating (" + id(alice) + "):", "Transactions: 1", "Last updated: 20");
    assertThat(Commands.run("ratings", "-l", "--ledger", api()).out())
        .startsWith("Top 2 agents by rating:");
    assertRecalculationAgrees();
  }

  private void assertRecalculationAgrees() {
    Ran served = Commands.run("ratings", "--recalculate", "--ledger", api());
    assertThat(served.out())
        .contains("Processed 1 receipts, updated 2 agents.", "\nEqual to what " + api());
    assertThat(served.exit()).isZero();

    Path file = folder.resolve("log.jsonl.gz");
    LogFile.write(file, log, 0, log.size());
    Ran exported =
        Commands.run("ratings", "-r", "--json", "--log", file.toString(), "--ledger", api());
    assertThat(Json.parse(exported.out()).path("equal").booleanValue()).isTrue();
  }

  @Test
  void rejectionAndDisputeSayWhatTheyDid() {
    introduce();
    String rejected = propose();
    assertThat(as(bob, "reject", relay.url(), rejected, "-r", "no time").out())
        .isEqualTo("Proposal rejected:\n  Proposal ID: " + rejected + "\n  Status: rejected\n");
    String disputed = propose();
    as(bob, "accept", relay.url(), disputed);
    assertThat(as(alice, "dispute", relay.url(), disputed, "too", "late").out())
        .isEqualTo(
            """
            Proposal disputed:
              Proposal ID: %s
              Status: disputed
              Reason: too late
            """
                .formatted(disputed));
  }

  @Test
  void unknownProposalIsNamedInTheProtocolsWord() {
    Ran ran = as(bob, "reject", relay.url(), "prop_x", "--json");

    assertThat(ran.exit()).isEqualTo(Exit.FAILED);
    JsonNode error = Json.parse(ran.err()).path("error");
    assertThat(error.path("code").stringValue()).isEqualTo("PROPOSAL_NOT_FOUND");
    assertThat(ran.out()).isEmpty();
  }

  @Test
  void dealsNeedAnIdentity() {
    Ran ran =
        Commands.run("accept", relay.url(), "prop_x", "--home", folder.resolve("none").toString());

    assertThat(ran.exit()).isEqualTo(Exit.FAILED);
    assertThat(ran.err()).contains("identity --generate").hasLineCount(1);
  }

  @Test
  void messageIsSentWhenTheRelayHasConfirmedIt() {
    assertThat(stranger("send", relay.url(), "#general", "hello", "from", "cli").out())
        .isEqualTo("Message sent\n");

    Ran nowhere = stranger("send", relay.url(), "#no-such-channel", "hello");
    assertThat(nowhere.exit()).isEqualTo(Exit.FAILED);
    assertThat(nowhere.out()).isEmpty();
    assertThat(nowhere.err()).startsWith("Error: Channel #no-such-channel not found");
  }

  @Test
  void listsChannelsAndTheAgentsInThem() {
    assertThat(stranger("channels", relay.url()).out())
        .startsWith("Available channels:\n  #general (0 agents)\n");
    CompletableFuture<Ran> listener = listening("-n", "ears", "-m", "2");

    assertThat(stranger("agents", relay.url(), QUIET_CHANNEL).out())
        .matches("Agents in #agents:\n  @[a-z0-9]{8} \\(ears\\) \\[online]\n");

    stranger("send", relay.url(), "#" + QUIET_CHANNEL, "stop");
    assertThat(listener.join().exit()).isZero();
  }

  @Test
  void listensUntilEnoughWasSaid() {
    CompletableFuture<Ran> listener = listening("-m", "2");

    stranger("send", relay.url(), "#" + QUIET_CHANNEL, "one", "-n", "mouth");

    Ran ran = listener.join();
    assertThat(ran.exit()).isZero();
    assertThat(ran.out()).hasLineCount(2);
    ran.out().lines().forEach(Json::parse);
    assertThat(ran.err())
        .startsWith("Connected as @")
        // What is heard is told by another thread, perhaps before what was begun.
        .contains("Joined: #agents\n")
        .contains("Will disconnect after 2 messages\n")
        .contains("Received 2 messages, disconnecting\n");
  }

  @Test
  void listeningEndsWithReasonWhenTheChannelIsRefused() {
    Ran ran = stranger("listen", relay.url(), "no-such-channel");

    assertThat(ran.exit()).isEqualTo(Exit.FAILED);
    assertThat(ran.err()).contains("Error: Channel #no-such-channel not found");
  }

  /// Starts a listener and waits until the relay counts it.
  private CompletableFuture<Ran> listening(String... options) {
    String[] command =
        Stream.concat(Stream.of("listen", relay.url(), QUIET_CHANNEL), Stream.of(options))
            .toArray(String[]::new);
    CompletableFuture<Ran> listener = CompletableFuture.supplyAsync(() -> stranger(command));
    awaitOneAgent();
    return listener;
  }

  private void awaitOneAgent() {
    String one = "#" + QUIET_CHANNEL + " (1 agents)";
    await()
        .atMost(ServeProcess.PATIENCE)
        .until(() -> stranger("channels", relay.url()).out().contains(one));
  }

  /// Before its first deal an agent must be connected to be found; afterwards the log names it.
  private void introduce() {
    CompletableFuture<Ran> listener =
        CompletableFuture.supplyAsync(
            () -> as(bob, "listen", relay.url(), QUIET_CHANNEL, "-m", "2"));
    awaitOneAgent();
    as(alice, "propose", relay.url(), id(bob), "say hello");
    assertThat(listener.join().out()).contains("\"type\":\"PROPOSAL\"").hasLineCount(2);
  }

  private String propose() {
    Ran ran = as(alice, "propose", relay.url(), id(bob), "task", "--json");
    return Json.parse(ran.out()).path("proposal_id").stringValue();
  }

  private Ran as(Path identity, String... arguments) {
    String[] all = Arrays.copyOf(arguments, arguments.length + 2);
    all[arguments.length] = "-i";
    all[arguments.length + 1] = identity.toString();
    return Commands.run(all);
  }

  /// Runs a command without any identity.
  private Ran stranger(String... arguments) {
    String[] all = Arrays.copyOf(arguments, arguments.length + 2);
    all[arguments.length] = "--home";
    all[arguments.length + 1] = folder.resolve("none").toString();
    return Commands.run(all);
  }

  private static String id(Path identity) {
    return PublicIdentity.read(identity, "-f").id().toString();
  }

  private String api() {
    return "http://127.0.0.1:" + ledger.address().getPort();
  }
}
