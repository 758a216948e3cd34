package org.agentchat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.agentchat.akash.simulator.SimulatedAkash;
import org.agentchat.akash.simulator.SimulatedProvider;
import org.agentchat.schemas.json.Json;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// `agentchat deploy`, command by command, on the simulated network.
final class DeployCommandIT {
  private static final long AKT = 60_000_000;

  @TempDir private Path folder;
  private SimulatedAkash akash;
  private Path home;
  private Path password;
  private Path config;

  @BeforeEach
  void begin() throws IOException {
    akash = new SimulatedAkash("sandbox-2", Duration.ofMillis(30));
    home = folder.resolve("home");
    password = Files.writeString(folder.resolve("password"), "correct horse\n");
    config =
        Files.writeString(
            folder.resolve("deploy.yaml"),
            """
            provider: akash
            image: registry.example.com/agentchat:1.0
            resources:
              cpu: 0.5
              memory: 512Mi
              storage: 1Gi
            """);
  }

  @AfterEach
  void end() {
    akash.close();
  }

  private Ran deploy(Object... arguments) {
    List<Object> all =
        new ArrayList<>(
            List.of(
                "deploy",
                "--home",
                home,
                "--password-file",
                password,
                "--node",
                akash.uri(),
                "--poll",
                15));
    all.addAll(List.of(arguments));
    return Ran.command(all.toArray());
  }

  private Ran ok(Object... arguments) {
    Ran ran = deploy(arguments);
    assertThat(ran.exit()).as("%s", ran).isZero();
    return ran;
  }

  private static JsonNode json(Ran ran) {
    return Json.parse(ran.out());
  }

  private String wallet() {
    return json(ok("--generate-wallet", "--json")).path("address").stringValue();
  }

  @Test
  void walletShowsItsWordsOnceAndIsNeverReplacedUnasked() throws IOException {
    JsonNode made = json(ok("--generate-wallet", "--json"));
    assertThat(made.path("mnemonic").stringValue().split(" ", -1)).hasSize(24);
    Ran shown = ok("--show-wallet");
    assertThat(shown.out()).contains(made.path("address").stringValue());
    assertThat(Files.readString(home.resolve("akash-wallet.json")))
        .doesNotContain(made.path("mnemonic").stringValue().split(" ", -1)[0] + " ");
    assertThat(deploy("--generate-wallet").exit()).isEqualTo(Exit.FAILED);
    assertThat(deploy("--generate-wallet").err()).contains("--force replaces it");
    ok("--generate-wallet", "--force");
  }

  @Test
  void balanceIsInBothCoins() {
    akash.fund(wallet(), 1_500_000, 2_000_000);
    assertThat(ok("--balance").out()).contains("1.5 AKT", "2 ACT", "sandbox-2");
  }

  @Test
  void sdlIsPrintedAndMistakesHaveTheirLine() throws IOException {
    assertThat(ok("--generate-sdl", "--config", config).out())
        .contains("image: \"registry.example.com/agentchat:1.0\"");
    Files.writeString(config, "image: x\nduration: soon\n");
    Ran wrong = deploy("--generate-sdl", "--config", config);
    assertThat(wrong.exit()).isEqualTo(Exit.FAILED);
    assertThat(wrong.err()).contains("Error: Line 2: duration: a duration such as 90m, 24h or 7d");
  }

  @Test
  void dryRunShowsEveryTransactionAndSendsNone() {
    akash.fund(wallet(), AKT, 0);
    Ran ran = ok("--create", "--config", config, "--dry-run");
    assertThat(ran.out())
        .contains("MINT", "CREATE", "LEASE", "CLOSE", "Fees in all", "Nothing is sent");
    JsonNode costs = json(ok("--create", "--config", config, "--dry-run", "--json"));
    assertThat(costs.size()).isEqualTo(4);
    assertThat(costs.path(0).path("note").stringValue()).isEqualTo("simulated");
    assertThat(akash.broadcasts()).isZero();
  }

  @Test
  void aktIsBurnedOnlyAfterAYes() {
    akash.fund(wallet(), AKT, 0);
    Ran unasked = deploy("--create", "--config", config);
    assertThat(unasked.exit()).isEqualTo(Exit.FAILED);
    assertThat(unasked.err()).contains("Burn", "AKT to mint the rest", "--yes agrees");
    assertThat(akash.broadcasts()).isZero();
    akash.provider("12", 1);
    ok("--create", "--config", config, "--yes");
    assertThat(akash.transactions())
        .containsExactly("MsgMintACT 0", "MsgCreateDeployment 0", "MsgCreateLease 0");
  }

  @Test
  void deploymentIsCreatedWatchedAndClosed() {
    akash.fund(wallet(), AKT, 20_000_000);
    akash.provider("12", 1);
    Ran created = ok("--create", "--config", config, "--name", "shop");
    assertThat(created.out()).contains("running", "Name: shop", "12uact a block", ".example.com");
    assertThat(created.err()).contains("Bidding:", "bid of akash1", ": chosen", "Running:");
    JsonNode status = json(ok("--status", "--json")).path("deployments").path(0);
    long dseq = status.path("dseq").longValue();
    assertThat(status.path("phase").stringValue()).isEqualTo("running");
    assertThat(status.path("open").booleanValue()).isTrue();
    assertThat(ok("--dseq-status", dseq).out()).contains("agentchat: 1 of 1 run, at agentchat.");
    Ran closed = ok("--close");
    assertThat(closed.out()).contains("closed, nothing is open", "its owner closed it");
    assertThat(akash.openDeployments()).isZero();
    assertThat(ok("--status").out()).contains("nothing is open");
  }

  private long running() {
    akash.provider("12", 1);
    return json(ok("--create", "--config", config, "--json")).path("dseq").longValue();
  }

  @Test
  void deploymentIsToppedUpOnceAndSaysSo() {
    akash.fund(wallet(), AKT, 20_000_000);
    long dseq = running();
    int before = akash.broadcasts();
    assertThat(deploy("--top-up", dseq).exit()).isEqualTo(Exit.USAGE);
    assertThat(deploy("--top-up", dseq).err()).contains("--top-up needs --deposit");
    assertThat(deploy("--top-up", dseq, "--deposit", "0").exit()).isEqualTo(Exit.USAGE);
    assertThat(ok("--top-up", dseq, "--deposit", "2.5", "--dry-run").out())
        .contains("Nothing is sent", "TOP_UP fee", "moves [2.5 ACT] (simulated)", "2.5 ACT more");
    assertThat(akash.broadcasts()).isEqualTo(before);
    Ran ran = ok("--top-up", dseq, "--deposit", "2.5");
    assertThat(ran.out())
        .contains("Topped up: by 2.5 ACT in all", "Last change: top-up of 2.5 ACT done: in block ")
        .contains("in escrow or paid from it 7.5 ACT");
    assertThat(ran.err()).contains("To be added to its escrow: 2.5 ACT", "TOP_UP signed");
    JsonNode again = json(ok("--top-up", dseq, "--deposit", "1", "--json"));
    assertThat(again.path("topped_up").longValue()).isEqualTo(3_500_000);
    assertThat(again.path("last_change").path("done").booleanValue()).isTrue();
    assertThat(akash.transactions().stream().filter("MsgAccountDeposit 0"::equals).count())
        .isEqualTo(2);
    ok("--close", dseq);
    Ran late = deploy("--top-up", dseq, "--deposit", "1");
    assertThat(late.exit()).isEqualTo(Exit.FAILED);
    assertThat(late.err())
        .contains("The deployment is closed, and only one that is running can be changed");
    assertThat(deploy("--top-up", 77, "--deposit", "1").err()).contains("knows no deployment 77");
  }

  @Test
  void topUpBurnsAktOnlyAfterAYes() {
    akash.fund(wallet(), AKT, 6_000_000);
    long dseq = running();
    int before = akash.broadcasts();
    Ran unasked = deploy("--top-up", dseq, "--deposit", "3");
    assertThat(unasked.exit()).isEqualTo(Exit.FAILED);
    assertThat(unasked.err()).contains("has 1 ACT of the deposit of 3 ACT. Burn", "--yes agrees");
    assertThat(ok("--top-up", dseq, "--deposit", "3", "--dry-run").out())
        .contains("MINT", "TOP_UP");
    assertThat(akash.broadcasts()).isEqualTo(before);
    assertThat(ok("--top-up", dseq, "--deposit", "3", "--yes").out()).contains("burned for ACT");
    assertThat(akash.transactions()).endsWith("MsgMintACT 0", "MsgAccountDeposit 0");
  }

  @Test
  void deploymentIsUpdatedFromAFile() throws IOException {
    akash.fund(wallet(), AKT, 20_000_000);
    SimulatedProvider provider = akash.provider("12", 1);
    long dseq = json(ok("--create", "--config", config, "--json")).path("dseq").longValue();
    Path next =
        Files.writeString(
            folder.resolve("next.yaml"), Files.readString(config).replace(":1.0", ":1.1"));
    assertThat(ok("--update", dseq, next, "--dry-run").out())
        .contains("UPDATE fee", "Then the provider would get the new manifest");
    Ran ran = ok("--update", dseq, next);
    assertThat(ran.out()).contains("Last change: update done: it runs with the new manifest");
    assertThat(provider.image(dseq)).endsWith(":1.1");
    assertThat(ok("--update", dseq, "--config", next, "--dry-run", "--json").out().strip())
        .isEqualTo("[]");
    Files.writeString(next, Files.readString(next).replace("cpu: 0.5", "cpu: 2"));
    Ran larger = deploy("--update", dseq, next);
    assertThat(larger.exit()).isEqualTo(Exit.FAILED);
    assertThat(larger.err()).contains("never what is rented", "would change: cpu");
    assertThat(deploy("--update", dseq, folder.resolve("none.yaml")).err()).contains("There is no");
    assertThat(deploy("--status", next).exit()).isEqualTo(Exit.USAGE);
    assertThat(akash.transactions()).endsWith("MsgUpdateDeployment 0").hasSize(3);
  }

  @Test
  void ownerChoosesAmongBids() {
    akash.fund(wallet(), AKT, 20_000_000);
    akash.provider("12", 1);
    SimulatedProvider dear = akash.provider("90", 1);
    long dseq =
        json(ok("--create", "--config", config, "--choose", "--json")).path("dseq").longValue();
    akash.mine(3);
    assertThat(ok("--bids", dseq).out()).contains("Group 1:", ": chosen", "is not the cheapest");
    assertThat(deploy("--accept-bid", dseq).exit()).isEqualTo(Exit.USAGE);
    Ran ran = ok("--accept-bid", dseq, "--provider-address", dear.address());
    assertThat(ran.out()).contains(dear.address(), "90uact a block");
  }

  @Test
  void failureSaysWhyAndThatNothingIsOpen() {
    akash.fund(wallet(), AKT, 20_000_000);
    SimulatedProvider dear = akash.provider("500", 1);
    Ran ran = deploy("--create", "--config", config, "--max-price", "100");
    assertThat(ran.exit()).isEqualTo(Exit.FAILED);
    assertThat(ran.out())
        .contains("failed, nothing is open", dear.address(), "above the ceiling of 100uact");
    assertThat(akash.openDeployments()).isZero();
  }

  @Test
  void deploymentOfAnotherFolderIsMentionedAndClosed() throws IOException {
    akash.fund(wallet(), AKT, 20_000_000);
    akash.provider("12", 1);
    long dseq = json(ok("--create", "--config", config, "--json")).path("dseq").longValue();
    try (var files = Files.list(home.resolve("deployments"))) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    assertThat(ok("--status").out()).contains(dseq + ": open on the chain, and not of this folder");
    assertThat(ok("--close", dseq).out()).contains("closed, nothing is open");
    assertThat(akash.openDeployments()).isZero();
    assertThat(deploy("--close", 77).err()).contains("knows no deployment 77");
  }

  @Test
  void nodeThatIsGoneOrOfAnotherNetworkIsSaid() {
    akash.fund(wallet(), AKT, 20_000_000);
    Ran wrong = deploy("--create", "--config", config, "--mainnet");
    assertThat(wrong.exit()).isEqualTo(Exit.UNREACHABLE);
    assertThat(wrong.err()).contains("is of the network sandbox-2, wanted akashnet-2");
    akash.close();
    Ran gone = deploy("--balance", "--json");
    assertThat(gone.exit()).isEqualTo(Exit.UNREACHABLE);
    assertThat(gone.err()).contains("\"code\":\"NODE\"");
  }

  @Test
  void wrongPasswordOpensNothing() throws IOException {
    wallet();
    Files.writeString(password, "wrong horse\n");
    Ran ran = deploy("--create", "--config", config);
    assertThat(ran.exit()).isEqualTo(Exit.FAILED);
    assertThat(ran.err()).contains("The password does not open").doesNotContain("wrong horse");
  }
}
