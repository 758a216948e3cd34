package org.agentchat.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.agentchat.akash.simulator.SimulatedAkash;
import org.agentchat.log.EventLog;
import org.agentchat.log.KafkaEventLog;
import org.agentchat.log.KafkaSettings;
import org.agentchat.log.LogRecord;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.event.EventCodec;
import org.agentchat.schemas.event.MalformedEventException;
import org.agentchat.schemas.json.Json;
import org.agentchat.schemas.statement.DeploymentStatement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// A deal that is fulfilled by a machine, through the front door: real processes, a real log, and a
/// simulated network.
@Timeout(600)
final class DeployAcceptanceIT {
  private static final String IMAGE = "registry.example.com/agentchat:1.0";

  @TempDir private Path folder;
  private SimulatedAkash akash;
  private Path workerHome;
  private Path password;
  private Path alice;
  private Path agent;

  @BeforeEach
  void begin() throws IOException {
    akash = new SimulatedAkash("sandbox-2", Duration.ofMillis(100));
    akash.provider("12", 1).serving();
    workerHome = folder.resolve("worker");
    password = Files.writeString(folder.resolve("password"), "correct horse\n");
    alice = identity("alice");
    agent = identity("machines");
    Ran wallet = deploy("--generate-wallet", "--json");
    akash.fund(json(wallet).path("address").stringValue(), 60_000_000, 20_000_000);
  }

  @AfterEach
  void end() {
    akash.close();
  }

  private Path identity(String name) {
    Path file = folder.resolve(name + ".json");
    assertThat(Ran.command("identity", "-g", "-n", name, "-f", file).exit()).isZero();
    return file;
  }

  private static String id(Path identity) {
    return PublicIdentity.read(identity, "-f").key().id().toString();
  }

  private static JsonNode json(Ran ran) {
    assertThat(ran.exit()).as("%s", ran).isZero();
    return Json.parse(ran.out());
  }

  private List<Object> wallet() {
    return List.of(
        "--home", workerHome, "--password-file", password, "--node", akash.uri(), "--poll", 15);
  }

  private Ran deploy(Object... arguments) {
    List<Object> all = new ArrayList<>(List.of("deploy"));
    all.addAll(wallet());
    all.addAll(List.of(arguments));
    return Ran.command(all.toArray());
  }

  private ServeProcess worker(ServeProcess serve) {
    List<String> words = new ArrayList<>(List.of("serve", "deploy"));
    wallet().forEach(word -> words.add(word.toString()));
    words.addAll(
        List.of(
            "--kafka",
            serve.kafka(),
            "--identity",
            agent.toString(),
            "--listen",
            "127.0.0.1:0",
            "--watch",
            "1",
            "--for",
            id(alice)));
    return ServeProcess.child(AgentChat.class, words).awaitReady();
  }

  private static String terms() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("sdl", "image: " + IMAGE + "\n")
        .put("ceiling_uact", 6_000_000)
        .put("duration", "24h")
        .toString();
  }

  /// The worker's key is known once it has spoken.
  private String proposal(ServeProcess serve) {
    Ran[] last = new Ran[1];
    await("the offer")
        .atMost(ServeProcess.PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .until(() -> {
          last[0] =
              Ran.command(
                  "propose",
                  serve.relay(),
                  id(agent),
                  "run my relay",
                  "-k",
                  "deploy.akash",
                  "-t",
                  terms(),
                  "-i",
                  alice,
                  "--json");
          return last[0].exit() == Exit.OK;
        });
    return json(last[0]).path("proposal_id").asString(json(last[0]).path("id").asString());
  }

  private Path receipt(ServeProcess serve, String deal) throws IOException {
    Ran[] last = new Ran[1];
    await("the receipt of " + deal)
        .atMost(ServeProcess.PATIENCE)
        .pollInterval(Duration.ofMillis(500))
        .until(() -> {
          last[0] =
              Ran.command(
                  "receipts",
                  "export",
                  "--format",
                  "file",
                  "--proposal",
                  deal,
                  "-i",
                  alice,
                  "--ledger",
                  serve.ledger(),
                  "--home",
                  folder.resolve("alice-home"));
          return last[0].exit() == Exit.OK;
        });
    return Files.writeString(folder.resolve("receipt.json"), last[0].out());
  }

  /// Where the log says that the machines answer.
  private static String uris(ServeProcess serve, String deal) {
    try (EventLog log = KafkaEventLog.open(KafkaSettings.external(serve.kafka()))) {
      for (LogRecord record : log.read(0, EventLog.MAX_READ_RECORDS)) {
        if (EventCodec.decode(record.value()) instanceof Event.Stated stated
            && stated.signed().statement() instanceof DeploymentStatement.DeploymentRunning running
            && running.proposalId().equals(deal)) {
          return running.uris();
        }
      }
      throw new AssertionError("the log says nothing of the machines of " + deal);
    } catch (MalformedEventException e) {
      throw new AssertionError(e);
    }
  }

  private static String get(String url) throws IOException {
    try (InputStream body = URI.create(url).toURL().openStream()) {
      return new String(body.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void dealIsFulfilledByAMachineAndItsReceiptHoldsOffline() throws IOException {
    Path file;
    Path policy = folder.resolve("policy");
    try (ServeProcess serve = ServeProcess.start(folder.resolve("home"));
        ServeProcess worker = worker(serve)) {
      assertThat(worker.out()).contains("deploy worker ready: " + id(agent), "for " + id(alice));
      String deal = proposal(serve);
      file = receipt(serve, deal);
      assertThat(get("http://" + uris(serve, deal))).isEqualTo(IMAGE);
      Files.writeString(policy, get(serve.ledger() + "/policy"));
      Ran audit = Ran.command("audit", "--kafka", serve.kafka(), "--ledger", serve.ledger());
      assertThat(audit.exit()).as("%s", audit).isEqualTo(Exit.OK);
      worker.signal("TERM");
      assertThat(worker.out()).endsWith("stopping\n");
    }
    Ran verified =
        Ran.command("verify", file, "--policy", policy, "--home", folder.resolve("elsewhere"));
    assertThat(verified.exit()).as("%s", verified).isEqualTo(Exit.OK);
    long dseq =
        json(deploy("--status", "--json")).path("deployments").path(0).path("dseq").longValue();
    assertThat(Files.readString(file)).contains("akash:sandbox-2 ", "/" + dseq + "/1/1/");
    assertThat(akash.openDeployments()).isEqualTo(1);
    assertThat(deploy("--close", dseq).exit()).isZero();
    assertThat(akash.openDeployments()).isZero();
  }
}
