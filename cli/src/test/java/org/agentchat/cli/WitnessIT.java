package org.agentchat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.tlog.Checkpoint;
import org.agentchat.tlog.NoteSigner;
import org.agentchat.tlog.Policy;
import org.agentchat.tlog.Prover;
import org.agentchat.tlog.SignedNote;
import org.agentchat.tlog.TreeHash;
import org.agentchat.witness.WitnessClient;
import org.agentchat.witness.WitnessReply;
import org.agentchat.witness.WitnessRound;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `agentchat witness` as a person starts it, and as a machine ends it.
@Timeout(600)
final class WitnessIT {
  private static final int KILLS = 6;
  private static final int LONGEST_LOAD_MILLIS = 300;
  private static final Pattern POLICY_LINE =
      Pattern.compile("(?m)^witness (\\S+) (\\S+) (http\\S+)$");

  private final NoteSigner log =
      new NoteSigner("log.example", Identity.ofSeed("log", new byte[32], Instant.EPOCH));
  private final List<TreeHash> leaves = leaves("leaf ");
  @TempDir private Path home;

  private static List<TreeHash> leaves(String word) {
    return IntStream.range(0, 100_000)
        .mapToObj(i -> TreeHash.ofLeaf((word + i).getBytes(StandardCharsets.UTF_8)))
        .toList();
  }

  private static Prover prover(List<TreeHash> leaves) {
    return new Prover((level, index) -> hash(leaves, level, index));
  }

  private static TreeHash hash(List<TreeHash> leaves, int level, long index) {
    return level == 0
        ? leaves.get((int) index)
        : TreeHash.node(hash(leaves, level - 1, 2 * index), hash(leaves, level - 1, 2 * index + 1));
  }

  private SignedNote note(Prover prover, long size) {
    String text = new Checkpoint(log.name(), prover.head(size)).text();
    return new SignedNote(text, List.of(log.sign(text)));
  }

  private WitnessRound ask(WitnessClient client, Prover prover, long size)
      throws InterruptedException {
    return client.ask(note(prover, size), prover);
  }

  private ServeProcess witness(String... more) {
    List<String> arguments =
        Stream.concat(
                Stream.of(
                    "witness",
                    "--port",
                    "0",
                    "--host",
                    "127.0.0.1",
                    "--home",
                    home.toString(),
                    "--log",
                    log.logKey().toString()),
                Stream.of(more))
            .toList();
    return ServeProcess.child(AgentChat.class, arguments);
  }

  /// What it prints for a policy.
  private record Line(String text, String name, String key, String url) {}

  private static Line policyLine(ServeProcess witness) {
    Matcher line = POLICY_LINE.matcher(witness.awaitReady().out());
    assertThat(line.find()).as(witness.toString()).isTrue();
    return new Line(line.group(), line.group(1), line.group(2), line.group(3));
  }

  /// From the line that the process printed, as a person would paste it.
  private static WitnessClient client(ServeProcess witness) {
    Line line = policyLine(witness);
    String policy = line.text() + "\nquorum " + line.name() + "\n";
    return new WitnessClient(
        Policy.parse(policy.getBytes(StandardCharsets.UTF_8)), Duration.ofSeconds(30));
  }

  @Test
  void whatWasCosignedIsRememberedAcrossKills() throws Exception {
    long seed = Long.getLong("agentchat.seed", System.nanoTime());
    System.out.println("WitnessIT: -Dagentchat.seed=" + seed + " repeats the moments");
    Random random = new Random(seed);
    Prover honest = prover(leaves);
    AtomicLong cosigned = new AtomicLong();
    AtomicLong asked = new AtomicLong(1);
    for (int kill = 0; kill < KILLS; kill++) {
      try (ServeProcess witness = witness();
          WitnessClient client = client(witness)) {
        assertRemembers(client, honest, cosigned.get());
        Thread load =
            Thread.ofVirtual().start(() -> grow(witness, client, honest, asked, cosigned));
        assertThat(witness.ends(Duration.ofMillis(random.nextInt(LONGEST_LOAD_MILLIS)))).isFalse();
        witness.kill();
        load.join();
      }
    }
    try (ServeProcess witness = witness();
        WitnessClient client = client(witness)) {
      assertThat(cosigned.get()).isPositive();
      assertRemembers(client, honest, cosigned.get());
      assertThat(ask(client, honest, asked.get()).quorum()).isTrue();
      assertForkIsFound(client, asked.get());
    }
    System.out.printf("WitnessIT: %d kills, %d checkpoints cosigned%n", KILLS, cosigned.get());
  }

  private void grow(
      ServeProcess witness,
      WitnessClient client,
      Prover prover,
      AtomicLong asked,
      AtomicLong cosigned) {
    try {
      while (witness.isAlive()) {
        long size = asked.incrementAndGet();
        if (ask(client, prover, size).quorum()) {
          cosigned.set(size);
        }
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /// A log that was rolled back by one entry is found out.
  private void assertRemembers(WitnessClient client, Prover prover, long cosigned)
      throws InterruptedException {
    if (cosigned > 1) {
      assertThat(ask(client, prover, cosigned - 1).replies())
          .singleElement()
          .isInstanceOfSatisfying(
              WitnessReply.Ahead.class,
              ahead -> assertThat(ahead.seen()).isGreaterThanOrEqualTo(cosigned));
    }
  }

  private void assertForkIsFound(WitnessClient client, long size) throws Exception {
    WitnessRound round = ask(client, prover(leaves("other ")), size);
    assertThat(round.replies()).singleElement().isInstanceOf(WitnessReply.Forked.class);
    try (Stream<Path> files = Files.list(home.resolve("witness").resolve("evidence"))) {
      assertThat(files.toList()).singleElement().asString().contains("fork-");
    }
  }

  @Test
  void keyIsMadeOnceAndStaysItsOwners() throws Exception {
    Line first;
    try (ServeProcess witness = witness("--name", "witness.example/w1")) {
      first = policyLine(witness);
      assertThat(first.text()).startsWith("witness witness.example/w1 witness.example/w1+");
      assertThat(
              PosixFilePermissions.toString(
                  Files.getPosixFilePermissions(home.resolve("witness").resolve("key.json"))))
          .isEqualTo("rw-------");
      assertThat(witness.signal("INT")).isEqualTo(130);
      assertThat(witness.out()).endsWith("stopping\n");
      assertThat(witness.complaints()).isEmpty();
    }
    try (ServeProcess witness = witness()) {
      Line again = policyLine(witness);
      assertThat(again.key()).isEqualTo(first.key());
      assertThat(page(again, "/health")).contains("\"ok\"");
      assertThat(page(again, "/")).contains(again.key(), "log.example, size 0");
      try (ServeProcess second = witness()) {
        assertThat(second.awaitExit()).isEqualTo(Exit.FAILED);
        assertThat(second.err()).contains("Another witness is using");
      }
    }
    try (ServeProcess renamed = witness("--name", "witness.example/w2")) {
      assertThat(renamed.awaitExit()).isEqualTo(Exit.FAILED);
      assertThat(renamed.err()).contains("it belongs to the name witness.example/w1");
    }
  }

  private static String page(Line line, String path) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
              HttpRequest.newBuilder(URI.create(line.url() + path)).build(),
              BodyHandlers.ofString())
          .body();
    }
  }

  @Test
  void logsComeFromAPolicyToo() throws Exception {
    Path policy =
        Files.writeString(home.resolve("policy"), "log " + log.logKey() + "\nquorum none\n");
    Ran none = Ran.command("witness", "--home", home);
    assertThat(none.exit()).isEqualTo(Exit.USAGE);
    assertThat(none.err()).contains("no log to cosign");
    Ran wrong = Ran.command("witness", "--home", home, "--log", "log.example");
    assertThat(wrong.exit()).isEqualTo(Exit.USAGE);
    try (ServeProcess witness =
        ServeProcess.child(
            AgentChat.class,
            List.of(
                "witness",
                "--port",
                "0",
                "--home",
                home.toString(),
                "--policy",
                policy.toString()))) {
      assertThat(witness.awaitReady().out()).contains("witness of log.example");
    }
  }
}
