package org.agentchat.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.agentchat.client.Reply;
import org.agentchat.schemas.message.ServerMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A home on a disk that really fills up: a small tmpfs.
@Timeout(300)
final class FullDiskAcceptanceIT {
  private static final long MEBIBYTE = 1024 * 1024;

  @TempDir private Path disk;

  @BeforeEach
  void mountDisk() throws Exception {
    boolean mounted = run("mount", "-t", "tmpfs", "-o", "size=200m", "tmpfs", disk.toString()) == 0;
    if (!mounted) {
      System.err.println(
          "SKIPPED: FullDiskAcceptanceIT needs the right to mount a tmpfs (run it as root)");
    }
    Assumptions.assumeTrue(mounted, "FullDiskAcceptanceIT needs the right to mount a tmpfs");
  }

  @AfterEach
  void unmountDisk() throws Exception {
    run("umount", "-l", disk.toString());
  }

  @Test
  void statementsAreRefusedWhileTheDiskIsFullAndTakenWhenThereIsSpace() throws Exception {
    Path home = disk.resolve("home");
    try (ServeProcess serve = ServeProcess.start(home, "--unmetered");
        Player alice = Player.connect("alice", serve.relay());
        Player bob = Player.connect("bob", serve.relay())) {
      String deal = alice.offers(bob, "before", "1", 5);
      fill(16 * MEBIBYTE);

      await("the reserve to be noticed")
          .atMost(ServeProcess.PATIENCE)
          .until(() -> offer(alice, bob) instanceof Reply.Refused);
      assertThat(offer(alice, bob))
          .isInstanceOfSatisfying(
              Reply.Refused.class,
              refused -> {
                assertThat(refused.code()).isEqualTo("LOG_UNAVAILABLE");
                assertThat(refused.message())
                    .matches(
                        "The disk of \\S+ is nearly full: 1\\d MiB free, 64 MiB kept in reserve;"
                            + " nothing was recorded");
              });
      long refusedAt = serve.relaySize();
      assertThat(alice.client().send(bob.id().toString(), "chat goes on"))
          .isInstanceOf(Reply.Done.class);
      serve.awaitLedger(refusedAt);

      Files.delete(disk.resolve("ballast"));
      await("statements to be taken again")
          .atMost(ServeProcess.PATIENCE)
          .until(() -> offer(alice, bob) instanceof Reply.Done);
      assertThat(serve.relaySize()).as("nothing of what was refused").isEqualTo(refusedAt + 1);
      bob.accepts(deal, 5);
      bob.completes(deal);
      serve.awaitLedger();
      assertThat(Ran.command("audit", serve.ledger()).exit()).isEqualTo(Exit.OK);
      assertThat(serve.signal("TERM")).isEqualTo(143);
    }
  }

  @Test
  void diskFilledToTheLastByteByOthersLosesNothing() throws Exception {
    Path home = disk.resolve("home");
    long answered;
    try (ServeProcess serve = ServeProcess.start(home, "--unmetered");
        Player alice = Player.connect("alice", serve.relay());
        Player bob = Player.connect("bob", serve.relay())) {
      alice.offers(bob, "before", "1", 5);
      answered = serve.relaySize();
      fill(0);
      await("the reserve to be noticed")
          .atMost(ServeProcess.PATIENCE)
          .until(() -> !serve.isAlive() || offer(alice, bob) instanceof Reply.Refused);
      // Kafka writes a little also when nobody appends, and may give up: then one sentence ends it.
      if (serve.ends(Duration.ofSeconds(8))) {
        assertThat(serve.awaitExit()).isEqualTo(Exit.FAILED);
        assertThat(serve.err()).contains("Error: Kafka in ", "gave up");
      }
      Files.delete(disk.resolve("ballast"));
    }
    try (ServeProcess serve = ServeProcess.start(home, "--unmetered");
        Player alice = Player.connect("alice", serve.relay());
        Player bob = Player.connect("bob", serve.relay())) {
      assertThat(serve.entriesAtStart()).isGreaterThanOrEqualTo(answered);
      alice.offers(bob, "after", "1", 5);
      serve.awaitLedger();
      assertThat(Ran.command("audit", serve.ledger()).exit()).isEqualTo(Exit.OK);
    }
  }

  private static Reply<ServerMessage.Proposal> offer(Player from, Player to) {
    return from.client().propose(Player.offer(to, "full", "1", 1));
  }

  /// Leaves this many bytes free.
  private void fill(long leave) throws IOException {
    byte[] block = new byte[64 * 1024];
    try (OutputStream out = Files.newOutputStream(disk.resolve("ballast"))) {
      while (disk.toFile().getUsableSpace() > leave) {
        out.write(block);
      }
    } catch (IOException e) {
      assertThat(leave).as(e.getMessage()).isZero();
    }
  }

  private static int run(String... command) throws Exception {
    return new ProcessBuilder(command).inheritIO().start().waitFor();
  }
}
