package org.agentchat.escrow.chain;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Processes that end by `kill -9`, each five calls later than the one before: whatever one leaves
/// behind the next one brings to its end, and nothing is paid twice.
final class TransactorKillIT {
  private static final int KILLED = 137;
  private static final int STRIDE = 5;
  private static final int MAX_PROCESSES = 40;

  @TempDir private Path folder;

  @Test
  void processThatIsKilledAnywherePaysOnce() throws Exception {
    try (RealChain chain = RealChain.start()) {
      int wishes = 0;
      int exit = KILLED;
      for (int calls = 1; exit == KILLED && wishes < MAX_PROCESSES; calls += STRIDE) {
        exit = run(chain, wishes++, calls);
      }
      assertThat(exit).as(output()).isZero();
      assertThat(wishes).isGreaterThan(4);
      assertThat(run(chain, wishes++, 0)).as(output()).isZero();
      long head = chain.node().head().ref().number();
      long payments = 0;
      for (int wish = 0; wish < wishes; wish++) {
        BigInteger received = chain.node().balanceAt(KilledTransactor.receiver(wish), head);
        // One that was killed before its first call ended had not even written its wish down.
        assertThat(received).isIn(BigInteger.ZERO, BigInteger.valueOf(7));
        payments += received.signum();
      }
      assertThat(payments).isGreaterThan(wishes - 4L);
      assertThat(chain.node().nonceAt(RealChain.signer(0).address(), head)).isEqualTo(payments);
    }
  }

  private int run(RealChain chain, int wish, int calls) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                KilledTransactor.class.getName(),
                chain.anvil().url(),
                folder.resolve("chain.db").toString(),
                Integer.toString(wish),
                Integer.toString(calls))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("out").toFile())
            .start();
    try {
      assertThat(process.waitFor(RealChain.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
      return process.exitValue();
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  private String output() throws IOException {
    return Files.readString(folder.resolve("out"));
  }
}
