package org.agentchat.ledger.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.agentchat.schemas.identity.Ed25519Verifier;
import org.agentchat.schemas.identity.Identity;
import org.agentchat.tlog.Checkpoint;
import org.agentchat.tlog.NoteSigner;
import org.agentchat.tlog.Prover;
import org.agentchat.tlog.SignedNote;
import org.agentchat.tlog.TreeHash;
import org.agentchat.tlog.TreeHead;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A publisher that is killed again and again, at moments that nobody chooses.
class TreeCrashIT {
  private static final int KILLS = 50;

  /// A process has this long at the most to publish once, also on a busy machine.
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path folder;
  private final List<TreeHead> seen = new ArrayList<>();
  private final Random random = new Random(20_261_121);

  @Test
  void noCheckpointEverContradictsAnEarlierOne() throws Exception {
    long began = System.currentTimeMillis();
    for (int kill = 0; kill < KILLS; kill++) {
      runAndKill(began);
      requireConsistent();
    }
    assertThat(seen).hasSizeGreaterThanOrEqualTo(KILLS / 2);
    requireEntries();
    new TreeFolder(folder).begin();
    try (Stream<Path> files = Files.walk(folder)) {
      assertThat(files).noneMatch(file -> file.toString().endsWith(".tmp"));
    }
  }

  private void runAndKill(long began) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-cp",
                System.getProperty("java.class.path"),
                CrashingPublisher.class.getName(),
                folder.toString(),
                Long.toString(began))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("out").toFile())
            .start();
    try {
      // Every other time after a checkpoint came out, otherwise on the way to it.
      int more = random.nextInt(2);
      awaitCheckpoints(process, seen.size() + more);
      Thread.sleep(random.nextInt(400));
      assertThat(process.isAlive()).as(Files.readString(folder.resolve("out"))).isTrue();
    } finally {
      process.destroyForcibly().waitFor();
    }
    look();
  }

  private void awaitCheckpoints(Process process, int count)
      throws IOException, InterruptedException {
    Instant end = Instant.now().plus(PATIENCE);
    while (seen.size() < count && process.isAlive() && Instant.now().isBefore(end)) {
      Thread.sleep(5);
      look();
    }
    assertThat(seen).as(Files.readString(folder.resolve("out"))).hasSizeGreaterThanOrEqualTo(count);
  }

  /// Reads what anyone could fetch right now.
  private void look() {
    Optional<SignedNote> note = new TreeFolder(folder).checkpoint();
    if (note.isPresent()) {
      TreeHead head = Checkpoint.parse(note.get().text()).head();
      if (seen.isEmpty() || !seen.getLast().equals(head)) {
        seen.add(head);
        requireSigned(note.get());
      }
    }
  }

  private void requireSigned(SignedNote note) {
    Identity keys = LogKey.in(folder.resolve("key"));
    assertThat(note.check(new NoteSigner("example.com/log", keys).logKey(), new Ed25519Verifier()))
        .isEqualTo(SignedNote.Check.VALID);
  }

  /// The tiles of the last checkpoint are there, and prove that it grew from every earlier one.
  private void requireConsistent() {
    if (seen.isEmpty()) {
      return;
    }
    TreeHead last = seen.getLast();
    Prover prover = new Prover(new TreeFolder(folder).subtrees(last.size()));
    assertThat(prover.head(last.size())).isEqualTo(last);
    for (TreeHead earlier : seen) {
      assertThat(
              prover.consistency(earlier.size(), last.size()).proves(earlier.root(), last.root()))
          .as("%s before %s", earlier, last)
          .isTrue();
    }
  }

  /// The tree is that of the log's entries, and not only one that agrees with itself.
  private void requireEntries() {
    long size = seen.getLast().size();
    Prover prover = new Prover(new TreeFolder(folder).subtrees(size));
    for (int i = 0; i < 20; i++) {
      long index = random.nextLong(size);
      assertThat(
              prover
                  .inclusion(index, size)
                  .proves(TreeHash.ofLeaf(CrashingPublisher.entry(index)), seen.getLast().root()))
          .isTrue();
    }
    assertThat(new String(CrashingPublisher.entry(0), StandardCharsets.UTF_8)).contains("GENESIS");
  }
}
