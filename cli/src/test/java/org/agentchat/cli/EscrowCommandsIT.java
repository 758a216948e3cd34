package org.agentchat.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.agentchat.cli.Commands.Ran;
import org.agentchat.escrow.chain.DevSigners;
import org.agentchat.escrow.chain.Keystore;
import org.agentchat.escrow.devchain.Anvil;
import org.agentchat.escrow.devchain.AnvilBinary;
import org.agentchat.hooks.Reactor;
import org.agentchat.hooks.ReactorSettings;
import org.agentchat.hooks.config.HooksFile;
import org.agentchat.ledger.VerifiedEvents;
import org.agentchat.ledger.server.LedgerServer;
import org.agentchat.ledger.server.LedgerSettings;
import org.agentchat.relay.Relay;
import org.agentchat.relay.RelaySettings;
import org.agentchat.schemas.json.Json;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.web3j.protocol.core.DefaultBlockParameterName;
import tools.jackson.databind.JsonNode;

/// Money moved by hand, by everybody who may, against a real relay, ledger and chain; an observer's
/// hook says in the log what happens.
@Timeout(300)
final class EscrowCommandsIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir private Path folder;
  private final MemoryLog log = new MemoryLog();
  private final VerifiedEvents verified = new VerifiedEvents();
  private Anvil anvil;
  private Relay relay;
  private LedgerServer ledger;
  private Reactor observer;
  private String contract;

  @BeforeEach
  void start() throws Exception {
    assumeTrue(AnvilBinary.find().isPresent(), AnvilBinary.MISSING);
    anvil = Anvil.start();
    relay =
        Relay.start(
            RelaySettings.of("127.0.0.1", 0, "test-relay", "agentchat.test/1"), log, verified);
    ledger =
        LedgerServer.start(
            LedgerSettings.of(folder.resolve("ledger.db").toString()).withPort(0), log, verified);
    secret("password");
    for (String name : List.of("alice", "bob", "observer")) {
      done(Commands.run("identity", "-g", "-n", name, "-f", identity(name)));
    }
    String[] accounts = {"alice", "bob", "operator", "arbiter", "deployer"};
    for (int account = 0; account < accounts.length; account++) {
      Keystore.write(
          folder.resolve(accounts[account] + ".key"),
          DevSigners.signer(account),
          "sesame",
          Keystore.Cost.LIGHT);
    }
    contract = json(chain("deployer", "deploy")).path("contract").stringValue();
    done(as("observer", "skills", "announce", relay.url(), "-c", "escrow-observer"));
    for (String name : List.of("alice", "bob")) {
      done(bind(name));
    }
    observer = observer();
  }

  @AfterEach
  void stop() {
    Stream.of(observer, ledger, relay, anvil)
        .filter(part -> part != null)
        .forEach(part -> {
          try {
            part.close();
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        });
  }

  @Test
  void payerLocksAndReleasesAndPayeeWithdraws() throws Exception {
    String deal = agree();
    assertThat(status(deal).path("log").stringValue()).isEqualTo("awaited");
    assertThat(complete("bob", deal).err()).contains("not locked");

    Ran stranger = chain("bob", "lock", deal);
    assertThat(stranger.exit()).isEqualTo(Exit.CONTRACT_REFUSED);
    assertThat(stranger.err()).contains("is not the deal's payer (0xf39Fd6e5");

    JsonNode locked = json(chain("alice", "lock", deal));
    assertThat(locked.path("state").stringValue()).isEqualTo("locked");
    // The same command again finds that it is done.
    assertThat(json(chain("alice", "lock", deal)).path("tx")).isEqualTo(locked.path("tx"));
    awaitLog(deal, "locked");
    assertThat(human(deal))
        .contains(
            "In the contract: locked, its time-out is",
            "payer     release",
            "anyone    refund from");

    Ran early = chain("bob", "refund", deal);
    assertThat(early.exit()).isEqualTo(Exit.CONTRACT_REFUSED);
    assertThat(early.err()).contains("The contract refuses: TooEarly(");

    done(complete("alice", deal));
    assertThat(json(chain("alice", "release", deal)).path("state").stringValue())
        .isEqualTo("released");
    awaitLog(deal, "settled");
    JsonNode paid = json(chain("bob", "withdraw", "--contract", contract));
    assertThat(paid.path("amount").stringValue()).isEqualTo("1000000");
    Ran nothing = chain("bob", "withdraw", "--contract", contract);
    assertThat(nothing.exit()).isEqualTo(Exit.CONTRACT_REFUSED);
    assertThat(nothing.err()).contains("has nothing to withdraw here");
    assertThat(human(deal)).contains("Nothing more can be done but to withdraw.");

    Ran compared = reconcile();
    assertThat(compared.exit()).as(compared.err()).isEqualTo(Exit.OK);
    assertThat(compared.out()).contains("Log and chain agree.");
  }

  /// What was sent and is not final yet is gone on with, not sent again.
  @Test
  void sameCommandGoesOnWithWhatIsStillConfirming() throws Exception {
    String[] patience = {"--finality", "3", "--wait", "1"};
    for (int i = 0; i < 2; i++) {
      assertThat(chain("deployer", "deploy", patience).exit()).isEqualTo(Exit.NOT_FINAL);
    }
    anvil.mine(3);
    assertThat(json(chain("deployer", "deploy", patience)).path("contract").stringValue())
        .isNotEqualTo(contract);
    // The one of this test and the one before it.
    assertThat(sent(4)).isEqualTo(2);

    String deal = agree();
    done(chain("alice", "lock", deal));
    done(chain("alice", "release", deal));
    String[] withdrawal = {"--contract", contract, "--finality", "3", "--wait", "1"};
    for (int i = 0; i < 2; i++) {
      assertThat(chain("bob", "withdraw", withdrawal).exit()).isEqualTo(Exit.NOT_FINAL);
    }
    anvil.mine(3);
    assertThat(json(chain("bob", "withdraw", withdrawal)).path("amount").stringValue())
        .isEqualTo("1000000");
    assertThat(sent(1)).isEqualTo(1);
  }

  /// Transactions of one of the chain's accounts.
  private int sent(int account) throws IOException {
    return anvil
        .web3j()
        .ethGetTransactionCount(
            DevSigners.signer(account).address().hex(), DefaultBlockParameterName.LATEST)
        .send()
        .getTransactionCount()
        .intValueExact();
  }

  @Test
  void disputeIsDividedByTheArbiter() throws Exception {
    String deal = agree();
    done(chain("alice", "lock", deal));
    awaitLog(deal, "locked");
    done(chain("operator", "deliver", deal));
    done(chain("alice", "dispute", deal, "--reference", "ab".repeat(32)));
    assertThat(status(deal).path("chain").stringValue()).isEqualTo("disputed");
    assertThat(chain("operator", "resolve", deal, "--to-payee", "30%").err())
        .contains("is not the deal's arbiter");
    assertThat(chain("arbiter", "resolve", deal, "--to-payee", "1000001").err())
        .contains("--to-payee is at most 1000000");
    done(chain("arbiter", "resolve", deal, "--to-payee", "30%"));
    awaitLog(deal, "settled");
    JsonNode divided = status(deal);
    assertThat(divided.path("payee_credit").stringValue()).isEqualTo("300000");
    assertThat(divided.path("payer_credit").stringValue()).isEqualTo("700000");
    done(
        chain(
            "alice",
            "withdraw",
            "--contract",
            contract,
            "--to",
            DevSigners.signer(7).address().checksummed()));
  }

  @Test
  void timeOutsAreForAnybodyAndPayeesMayGiveUp() throws Exception {
    String late = agree();
    String givenUp = agree();
    String silent = agree();
    for (String deal : List.of(late, givenUp, silent)) {
      done(chain("alice", "lock", deal));
    }
    assertThat(json(chain("bob", "refund", givenUp, "--cancel")).path("state").stringValue())
        .isEqualTo("refunded");
    done(chain("bob", "dispute", silent));
    anvil.travel(Duration.ofDays(4));
    assertThat(json(chain("deployer", "refund", late)).path("state").stringValue())
        .isEqualTo("refunded");
    assertThat(json(chain("deployer", "resolve", silent, "--silent")).path("state").stringValue())
        .isEqualTo("resolved");
    awaitLog(late, "refunded");
    awaitLog(givenUp, "refunded");
    awaitLog(silent, "settled");
  }

  @Test
  void differencesAreFoundAndNamed() throws Exception {
    observer.close();
    observer = null;
    String deal = agree();
    done(chain("alice", "lock", deal));
    Ran compared = reconcile();
    assertThat(compared.exit()).isEqualTo(Exit.DIFFERENCE);
    assertThat(compared.out())
        .contains("deal " + deal + " is awaited in the log and locked in the contract");
  }

  @Test
  void poorKeysWrongChainsAndWrongContractsAreSaid() throws Exception {
    String deal = agree();
    anvil.balance(DevSigners.signer(0).address().hex(), java.math.BigInteger.TEN);
    Ran poor = chain("alice", "lock", deal);
    assertThat(poor.exit()).isEqualTo(Exit.FAILED);
    assertThat(poor.err()).contains("Too little money", "has 10 wei to spend");
    try (Anvil other = Anvil.start("--chain-id", "5")) {
      List<String> elsewhere = new ArrayList<>(List.of("escrow", "status", deal));
      elsewhere.addAll(List.of("--rpc", other.url(), "--ledger", ledgerUrl()));
      Ran wrong = Commands.run(elsewhere.toArray(String[]::new));
      assertThat(wrong.exit()).isEqualTo(Exit.WRONG_CHAIN);
      assertThat(wrong.err()).contains("is on chain 31337, the node is on chain 5");
    }
    anvil.balance(DevSigners.signer(0).address().hex(), java.math.BigInteger.TEN.pow(20));
    anvil.call("anvil_setCode", contract, "0x00");
    Ran fake = chain("alice", "lock", deal);
    assertThat(fake.exit()).isEqualTo(Exit.FAILED);
    assertThat(fake.err()).contains("not this build's AgentEscrow: no money goes there");
    assertThat(bind("alice").err()).contains("not this build's AgentEscrow");
  }

  private Ran bind(String name) {
    return as(
        name,
        "escrow",
        "bind",
        relay.url(),
        "--contract",
        contract,
        "--rpc",
        anvil.url(),
        "--keystore",
        folder.resolve(name + ".key").toString(),
        "--password-file",
        folder.resolve("password").toString());
  }

  private Reactor observer() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("hooks.yaml"),
            """
            version: 1
            listen: none
            hooks:
              - name: observer
                evm:
                  rpc: %s
                  chain: 31337
                  contract: "%s"
                  finality: 0
                  observer: observer.json
                  poll: 100ms
            """
                .formatted(anvil.url(), contract));
    return Reactor.start(
        new ReactorSettings(folder.resolve("hooks.db").toString(), Optional.empty()),
        HooksFile.read(file, Map.of()).settings().hooks(),
        log,
        verified);
  }

  private String agree() throws IOException {
    Path terms =
        Files.writeString(
            folder.resolve("terms.json"),
            """
            {"chain": "eip155:31337", "contract": "%s",
             "token": "0x0000000000000000000000000000000000000000", "amount": "1000000",
             "deadline": %d, "review_period": 86400, "dispute_period": 86400, "silent_bps": 5000,
             "operator": "%s", "arbiter": "%s", "observer": "%s"}
            """
                .formatted(
                    contract,
                    Instant.now().plus(Duration.ofDays(3)).getEpochSecond(),
                    DevSigners.signer(2).address(),
                    DevSigners.signer(3).address(),
                    id("observer")));
    Ran proposed =
        as(
            "alice",
            "propose",
            relay.url(),
            id("bob"),
            "draw",
            "--escrow",
            terms.toString(),
            "--json");
    String deal = json(proposed).path("id").stringValue();
    done(as("bob", "accept", relay.url(), deal));
    return deal;
  }

  private Ran complete(String name, String deal) {
    return as(name, "complete", relay.url(), deal, "-p", "done");
  }

  private void awaitLog(String deal, String phase) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(100))
        .until(() -> status(deal).path("log").stringValue().equals(phase));
  }

  private JsonNode status(String deal) throws Exception {
    ledger.awaitCaughtUp(PATIENCE);
    return json(
        Commands.run(
            "escrow", "status", deal, "--rpc", anvil.url(), "--ledger", ledgerUrl(), "--json"));
  }

  private String human(String deal) throws Exception {
    ledger.awaitCaughtUp(PATIENCE);
    return done(Commands.run(
            "escrow", "status", deal, "--rpc", anvil.url(), "--ledger", ledgerUrl()))
        .out();
  }

  private Ran reconcile() throws Exception {
    ledger.awaitCaughtUp(PATIENCE);
    return Commands.run(
        "escrow",
        "reconcile",
        "--contract",
        contract,
        "--rpc",
        anvil.url(),
        "--ledger",
        ledgerUrl());
  }

  /// A command that signs with an account's key; in JSON.
  private Ran chain(String account, String command, String... more) {
    List<String> words = new ArrayList<>(List.of("escrow", command));
    words.addAll(List.of(more));
    words.addAll(
        List.of(
            "--rpc",
            anvil.url(),
            "--keystore",
            folder.resolve(account + ".key").toString(),
            "--password-file",
            folder.resolve("password").toString(),
            "--home",
            folder.toString(),
            "--json"));
    if (!command.equals("deploy") && !command.equals("withdraw")) {
      words.addAll(List.of("--ledger", ledgerUrl()));
    }
    return Commands.run(words.toArray(String[]::new));
  }

  private Ran as(String name, String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("-i", identity(name)));
    return Commands.run(all.toArray(String[]::new));
  }

  private String id(String name) {
    return PublicIdentity.read(Path.of(identity(name)), "-f").id().toString();
  }

  private String identity(String name) {
    return folder.resolve(name + ".json").toString();
  }

  private String ledgerUrl() {
    return "http://127.0.0.1:" + ledger.address().getPort();
  }

  private static Ran done(Ran ran) {
    assertThat(ran.exit()).as(ran.toString()).isEqualTo(Exit.OK);
    return ran;
  }

  private static JsonNode json(Ran ran) {
    return Json.parse(done(ran).out());
  }

  private void secret(String name) throws IOException {
    Path file = folder.resolve(name);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(file, "sesame\n");
  }
}
