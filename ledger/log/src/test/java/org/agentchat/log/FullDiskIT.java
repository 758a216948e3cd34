package org.agentchat.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A real disk that really fills up: a small tmpfs.
@Timeout(600)
final class FullDiskIT {

  private static final long MEBIBYTE = 1024 * 1024;
  private static final long RESERVE_BYTES = 32 * MEBIBYTE;
  private static final Duration TIMEOUT = Duration.ofSeconds(8);

  @TempDir private Path disk;

  private final CompletableFuture<String> fatal = new CompletableFuture<>();

  @BeforeEach
  void mountDisk() throws Exception {
    boolean mounted = run("mount", "-t", "tmpfs", "-o", "size=96m", "tmpfs", disk.toString()) == 0;
    if (!mounted) {
      System.err.println("SKIPPED: FullDiskIT needs the right to mount a tmpfs (run it as root)");
    }
    Assumptions.assumeTrue(mounted, "FullDiskIT needs the right to mount a tmpfs");
  }

  @AfterEach
  void unmountDisk() throws Exception {
    run("umount", "-l", disk.toString());
  }

  @Test
  void guardedLogRefusesAppendsBeforeTheBrokerBreaksAndRecovers() throws Exception {
    try (EmbeddedBroker broker = start(0);
        EventLog log =
            new GuardedEventLog(
                open(broker), new DiskReserve(disk.resolve("kafka"), RESERVE_BYTES))) {
      EventLogContract.appendAll(log, 10);
      fill(RESERVE_BYTES - MEBIBYTE);
      Thread.sleep(DiskReserve.SAMPLE_INTERVAL);

      assertThatThrownBy(() -> log.append(new byte[1]).get())
          .cause()
          .isInstanceOfSatisfying(
              LogUnavailableException.class, e -> assertThat(e.mayBeRecorded()).isFalse())
          .hasMessageMatching(
              "The disk of .* is nearly full: 3[01] MiB free, 32 MiB kept in reserve;"
                  + " nothing was recorded");
      assertThat(log.read(0, 100)).hasSize(10);

      Files.delete(disk.resolve("ballast"));
      Thread.sleep(DiskReserve.SAMPLE_INTERVAL);
      assertThat(EventLogContract.append(log, "more")).isEqualTo(10);
      assertThat(fatal).isNotDone();
    }
  }

  @Test
  void brokerThatGivesUpOnFullDiskLeavesThisProcessAliveAndIsReplaced() throws Exception {
    EmbeddedBroker first = start(0);
    int port = first.port();
    try (EventLog log = open(first);
        Tail tail = log.tail(0)) {
      EventLogContract.appendAll(log, 10);
      fill(0);

      long answered = 10 + appendUntilRefused(log);
      assertThat(fatal.get(120, TimeUnit.SECONDS)).contains("gave up with 0 MiB free on its disk");
      assertThat(first.failed()).isTrue();
      first.close();

      Files.delete(disk.resolve("ballast"));
      try (EmbeddedBroker second = start(port)) {
        assertThat(second.failed()).isFalse();
        long index =
            Awaitility.await()
                .atMost(EventLogContract.WAIT)
                .ignoreExceptions()
                .until(() -> EventLogContract.append(log, "more"), _ -> true);
        assertThat(index).isGreaterThanOrEqualTo(answered);
        assertThat(EventLogContract.indexes(EventLogContract.poll(tail, (int) index + 1)))
            .hasSize((int) index + 1);
      }
    }
  }

  private EmbeddedBroker start(int port) {
    return EmbeddedBroker.start(
        new BrokerSettings(disk.resolve("kafka"), port, Durability.FSYNC), fatal::complete);
  }

  private static EventLog open(EmbeddedBroker broker) {
    return KafkaEventLog.open(
        KafkaSettings.embedded(broker.bootstrapServers()).withTimeout(TIMEOUT));
  }

  /// Returns how many appends were answered.
  private static long appendUntilRefused(EventLog log) throws Exception {
    for (long answered = 0; ; answered++) {
      try {
        log.append(new byte[EventLog.MAX_RECORD_BYTES]).get(120, TimeUnit.SECONDS);
      } catch (ExecutionException e) {
        assertThat(e.getCause()).isInstanceOf(LogUnavailableException.class);
        return answered;
      }
    }
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
