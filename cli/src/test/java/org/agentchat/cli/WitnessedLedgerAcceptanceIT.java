package org.agentchat.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.agentchat.ledger.tree.LogKey;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.schemas.json.Json;
import org.agentchat.tlog.Checkpoint;
import org.agentchat.tlog.NoteSigner;
import org.agentchat.tlog.SignedNote;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// A ledger that publishes nothing that its witness has not cosigned, and what becomes of it when
/// its log is replaced: `verify`, `audit` and the witness each find it out. All of them are what a
/// person starts, and the log is lost as a person may lose it.
@Timeout(600)
final class WitnessedLedgerAcceptanceIT {
  private static final String ORIGIN = "witnessed.example/log";
  private static final Pattern POLICY_LINE =
      Pattern.compile("(?m)^witness (\\S+) (\\S+) (http\\S+):(\\d+)$");

  /// Genesis, and a deal of three statements.
  private static final long ONE_DEAL = 4;

  @TempDir private Path folder;
  private Path home;
  private Path reader;
  private Path policy;
  private Path lenient;
  private String vkey;

  @Test
  void nothingIsPublishedWithoutTheWitnessAndNoOtherLogPasses() throws Exception {
    home = folder.resolve("home");
    reader = folder.resolve("reader");
    Identity key = LogKey.in(home.resolve("tree").resolve("log-key.json"));
    vkey = new NoteSigner(ORIGIN, key).logKey().toString();
    lenient = Files.writeString(folder.resolve("lenient"), "log " + vkey + "\nquorum none\n");
    String port;
    try (ServeProcess witness = witness("0")) {
      port = writePolicy(witness);
      try (ServeProcess serve = serve("--set", "witnesses=" + policy)) {
        checkpointsCarryTheWitness(serve);
        witness.kill();
        nothingIsPublishedWhileTheWitnessIsAway(serve);
        try (ServeProcess _ = witness(port)) {
          publishingGoesOnOnceTheWitnessIsBack(serve);
        }
        assertThat(serve.signal("TERM")).isEqualTo(143);
      }
    }
    loseTheLog();
    try (ServeProcess serve = serve()) {
      verifyAndAuditFindTheOtherLog(serve);
      serve.signal("TERM");
    }
    try (ServeProcess _ = witness(port);
        ServeProcess serve = serve("--set", "witnesses=" + policy)) {
      theWitnessRefusesTheOtherLog(serve);
    }
  }

  private ServeProcess witness(String port) {
    return ServeProcess.child(
            AgentChat.class,
            List.of(
                "witness",
                "--host",
                "127.0.0.1",
                "--port",
                port,
                "--home",
                folder.resolve("witness-home").toString(),
                "--log",
                vkey))
        .awaitReady();
  }

  /// The line that the witness printed, as a person would paste it.
  private String writePolicy(ServeProcess witness) throws IOException {
    Matcher line = POLICY_LINE.matcher(witness.out());
    assertThat(line.find()).as(witness.toString()).isTrue();
    policy =
        Files.writeString(
            folder.resolve("policy"),
            "log %s\n%s\nquorum %s\n".formatted(vkey, line.group(), line.group(1)));
    return line.group(4);
  }

  /// Only statements make entries.
  private ServeProcess serve(String... more) {
    return ServeProcess.start(
        home,
        Stream.concat(
                Stream.of("--set", "origin=" + ORIGIN, "--set", "commit-ratings=0"),
                Stream.of(more))
            .toArray(String[]::new));
  }

  private static String deal(ServeProcess serve, String task) {
    try (Player alice = Player.connect("alice", serve.relay());
        Player bob = Player.connect("bob", serve.relay())) {
      String deal = alice.offers(bob, task, "3", 5);
      bob.accepts(deal, 5);
      bob.completes(deal);
      return deal;
    }
  }

  private static void awaitCheckpoint(ServeProcess serve, long size) {
    await("checkpoint of " + size)
        .atMost(ServeProcess.PATIENCE)
        .until(() -> serve.checkpoint().filter(note -> size(note) == size).isPresent());
  }

  private static long size(SignedNote note) {
    return Checkpoint.parse(note.text()).head().size();
  }

  private void checkpointsCarryTheWitness(ServeProcess serve) throws IOException {
    assertThat(serve.out()).contains("checkpoints wait for their witnesses");
    String deal = deal(serve, "a first task");
    awaitCheckpoint(serve, ONE_DEAL);

    Ran verified = verify(receipt(serve, deal), policy);
    assertThat(verified.exit()).as(verified.toString()).isZero();
    assertThat(verified.out()).contains("These witnesses have seen the log grow to that tree");
    Ran audited = audit(serve, policy);
    assertThat(audited.exit()).as(audited.toString()).isZero();
    assertThat(health(serve).status()).isEqualTo(200);
  }

  private Path receipt(ServeProcess serve, String deal) throws IOException {
    byte[] file = serve.api().receiptFile(deal).orElseThrow();
    return Files.write(folder.resolve(deal + ".json"), file);
  }

  private Ran verify(Path file, Path trusted) {
    return Ran.command("verify", file, "--policy", trusted, "--home", reader);
  }

  private Ran audit(ServeProcess serve, Path trusted) {
    return Ran.command("audit", "--tiles", serve.ledger(), "--policy", trusted, "--home", reader);
  }

  /// The rest of the product goes on, and says what is amiss.
  private static void nothingIsPublishedWhileTheWitnessIsAway(ServeProcess serve) {
    deal(serve, "a second task");
    serve.awaitLedger(ONE_DEAL + 3);
    await("trouble")
        .atMost(ServeProcess.PATIENCE)
        .untilAsserted(() -> {
          Health health = health(serve);
          assertThat(health.status()).isEqualTo(503);
          assertThat(health.said().path("status").stringValue()).isEqualTo("tree_not_signed");
          assertThat(health.said().path("reason").stringValue())
              .startsWith("too few witnesses: witness ")
              .contains("http://127.0.0.1:");
        });
    assertThat(size(serve.checkpoint().orElseThrow())).isEqualTo(ONE_DEAL);
    assertThat(serve.err()).contains("WARN", "no checkpoint is published: too few witnesses: ");
    assertThat(serve.api().receipts()).hasSize(2);
  }

  private static void publishingGoesOnOnceTheWitnessIsBack(ServeProcess serve) {
    awaitCheckpoint(serve, ONE_DEAL + 3);
    await("health").atMost(ServeProcess.PATIENCE).until(() -> health(serve).status() == 200);
    // The one that was pending comes first: of the second deal it may have some entries or all.
    assertThat(serve.err())
        .containsPattern(
            "checkpoints are published again, the first of [%d-%d] entries"
                .formatted(ONE_DEAL + 1, ONE_DEAL + 3));
  }

  /// All but the key, under which another log begins: an operator who had no backup.
  private void loseTheLog() throws IOException {
    try (Stream<Path> files = Files.walk(home)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        if (!file.endsWith("log-key.json") && !file.endsWith("tree") && !file.equals(home)) {
          Files.delete(file);
        }
      }
    }
  }

  private void verifyAndAuditFindTheOtherLog(ServeProcess serve) throws IOException {
    String deal = deal(serve, "a task in another log");
    awaitCheckpoint(serve, ONE_DEAL);
    Path receipt = receipt(serve, deal);

    Ran verified = verify(receipt, lenient);
    Ran audited = audit(serve, lenient);

    assertThat(verified.exit()).as(verified.toString()).isEqualTo(12);
    assertThat(verified.out()).startsWith("✗ FORK").contains("Both checkpoints are in ");
    assertThat(audited.exit()).as(audited.toString()).isEqualTo(Exit.DIFFERENCE);
    assertThat(audited.out()).contains("FORKED, the first 4 entries have the root ");
    // Who asks for the witness need not remember anything.
    assertThat(verify(receipt, policy).exit()).isEqualTo(13);
  }

  private static void theWitnessRefusesTheOtherLog(ServeProcess serve) {
    String seen = "has seen a larger tree (7 entries) than this log (5): the log was rolled back";
    try (Player alice = Player.connect("alice", serve.relay());
        Player bob = Player.connect("bob", serve.relay())) {
      alice.offers(bob, "one more task", "3", 5);
    }
    await("refusal")
        .atMost(ServeProcess.PATIENCE)
        .untilAsserted(() -> {
          Health health = health(serve);
          assertThat(health.status()).isEqualTo(503);
          assertThat(health.said().path("status").stringValue()).isEqualTo("tree_not_signed");
          assertThat(health.said().path("reason").stringValue()).contains(seen);
        });
    assertThat(size(serve.checkpoint().orElseThrow())).isEqualTo(ONE_DEAL);
    assertThat(serve.err()).contains("ERROR", "no checkpoint is signed: ", seen);
  }

  /// What `/health` says.
  private record Health(int status, JsonNode said) {}

  private static Health health(ServeProcess serve) {
    try {
      HttpURLConnection connection =
          (HttpURLConnection) URI.create(serve.ledger() + "/health").toURL().openConnection();
      int status = connection.getResponseCode();
      try (InputStream body =
          status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
        return new Health(
            status, Json.parse(new String(body.readAllBytes(), StandardCharsets.UTF_8)));
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
