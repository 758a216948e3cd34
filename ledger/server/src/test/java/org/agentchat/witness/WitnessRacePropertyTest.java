package org.agentchat.witness;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.agentchat.tlog.NoteSigner;
import org.agentchat.tlog.TreeHead;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Requests that race, of a log and of its fork: whatever the order, no size is cosigned after a
/// larger one was stored, and all that is cosigned is one tree.
@Timeout(120)
class WitnessRacePropertyTest {
  private static final int ROUNDS = 20;
  private static final int CLIENTS = 8;
  private static final int REQUESTS = 12;

  /// @param earlier the largest size that was cosigned before the request was made
  private record Signed(long earlier, TreeHead head) {}

  private final NoteSigner signer = SampleLog.signer("witness.example/w1", 7);
  @TempDir private Path folder;

  @Test
  void noLowerSizeIsCosignedAfterAHigherOne() throws InterruptedException {
    long seed = Long.getLong("agentchat.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      race(folder.resolve("round" + round), random, "-Dagentchat.seed=" + seed);
    }
  }

  private void race(Path home, Random random, String repeat) throws InterruptedException {
    List<SampleLog> sides = List.of(SampleLog.honest(), SampleLog.forkedAt(1 + random.nextInt(40)));
    List<Signed> signed = new ArrayList<>();
    try (WitnessState state =
        WitnessState.open(
            home, signer, List.of(sides.getFirst().signer().logKey()), Clock.systemUTC())) {
      CountDownLatch start = new CountDownLatch(1);
      List<Thread> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        Random own = new Random(random.nextLong());
        clients.add(
            Thread.ofVirtual()
                .start(() -> requests(state, sides.get(own.nextInt(2)), own, start, signed)));
      }
      start.countDown();
      for (Thread client : clients) {
        client.join();
      }
    }
    assertThat(signed).as(repeat).isNotEmpty();
    assertThat(signed)
        .as(repeat)
        .allSatisfy(one -> assertThat(one.head().size()).isGreaterThanOrEqualTo(one.earlier()));
    // All sizes that were cosigned are on one side of the fork.
    assertThat(sides)
        .as(repeat)
        .anySatisfy(side ->
            assertThat(signed)
                .allSatisfy(one ->
                    assertThat(side.prover().head(one.head().size())).isEqualTo(one.head())));
  }

  private static void requests(
      WitnessState state,
      SampleLog side,
      Random random,
      CountDownLatch start,
      List<Signed> signed) {
    try {
      start.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    for (int i = 0; i < REQUESTS; i++) {
      long earlier;
      synchronized (signed) {
        earlier = signed.stream().mapToLong(one -> one.head().size()).max().orElse(0);
      }
      long stored = state.heads().get(SampleLog.ORIGIN).size();
      long old = random.nextInt(4) == 0 ? Math.max(0, stored - 1) : stored;
      long size = Math.min(300, old + random.nextInt(9));
      if (state.add(side.request(old, size)) instanceof WitnessAnswer.Cosigned) {
        synchronized (signed) {
          signed.add(new Signed(earlier, side.prover().head(size)));
        }
      }
    }
  }
}
