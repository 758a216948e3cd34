package org.agentchat.escrow.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.math.BigInteger;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A bad year of a chain in a second: blocks are taken back, transactions forgotten, the node goes
/// away, the base fee jumps, another program uses the key, and our process is killed between any
/// two of its steps. In the end every wish is in the chain once.
final class TransactorSimulationTest {
  /// A failing seed is printed: put it here to see it again.
  private static final Optional<Long> ONLY = Optional.empty();

  private static final int RUNS = 30;
  private static final int ROUNDS = 120;
  private static final int FINAL_DEPTH = 8;
  private static final FeePolicy POLICY =
      new FeePolicy(BigInteger.TEN.pow(9), BigInteger.ONE, BigInteger.valueOf(1_000), 2);

  private static final Signer SIGNER = Signer.ofHex("11".repeat(32));

  @Test
  void everyWishIsInTheChainOnceWhateverHappens(@TempDir Path folder) throws Exception {
    List<Long> seeds = new ArrayList<>();
    ONLY.ifPresentOrElse(
        seeds::add,
        () -> {
          for (long seed = 1; seed <= RUNS; seed++) {
            seeds.add(seed * 7_919);
          }
        });
    int wishes = 0;
    long chainId = 0;
    try (OneWriter file = OneWriter.sqlite(folder.resolve("chain.db"))) {
      for (long seed : seeds) {
        try {
          wishes += new Run(new SplittableRandom(seed), file, ++chainId).play();
        } catch (AssertionError | Exception e) {
          fail("seed %d: put it into ONLY".formatted(seed), e);
        }
      }
    }
    assertThat(wishes).isGreaterThan(seeds.size());
  }

  private static final class Run {
    private final RandomGenerator random;
    private final FakeChain chain;
    private final Flaky flaky;
    private final JdbcTransactionStore store;
    private final List<Request> wishes = new ArrayList<>();
    private final long chainId;
    private Transactor transactor;

    /// @param chainId keeps the runs of one database apart
    Run(RandomGenerator random, OneWriter file, long chainId) {
      this.chainId = chainId;
      this.random = random;
      this.chain = new FakeChain(random, SIGNER.address());
      this.flaky = new Flaky(random, 0.02);
      this.store =
          new JdbcTransactionStore(
              chainId, flaky.around(JdbcTransactionStore.Transactions.class, file));
      this.transactor = restarted();
    }

    private Transactor restarted() {
      return new Transactor(
          flaky.around(ChainNode.class, chain),
          store,
          chainId,
          new Finality.Depth(FINAL_DEPTH),
          POLICY);
    }

    int play() throws Exception {
      for (int round = 0; round < ROUNDS; round++) {
        trouble();
        if (random.nextInt(6) == 0) {
          wishes.add(wish(wishes.size()));
        }
        look();
      }
      calmDown();
      for (Request wish : wishes) {
        assertThat(chain.count(wish.data())).as(wish.key()).isEqualTo(1);
        assertThat(store.find(wish.key()).orElseThrow().stage())
            .as(wish.key())
            .isInstanceOf(Stage.Final.class);
      }
      return wishes.size();
    }

    private void trouble() {
      switch (random.nextInt(12)) {
        case 0 -> chain.reorganise(1 + random.nextInt(FINAL_DEPTH - 1));
        case 1 -> chain.forgetPool();
        case 2 -> chain.away(true);
        case 3 -> chain.away(false);
        case 4 -> chain.baseFee(1 + random.nextInt(100_000));
        case 5 -> {
          if (random.nextBoolean()) {
            chain.foreign();
          }
        }
        default -> chain.mine();
      }
    }

    /// Somebody asks for every wish again and again, as a reactor does that was restarted.
    private void look() throws SQLException {
      try {
        for (Request wish : wishes) {
          store.plan(wish);
        }
        transactor.step(SIGNER);
      } catch (Flaky.Killed _) {
        transactor = restarted();
      } catch (ChainException _) {
        // The node is away; the next round looks again.
      }
    }

    private void calmDown() throws Exception {
      flaky.calm();
      chain.away(false);
      chain.baseFee(100);
      for (int i = 0; i < 40 * FINAL_DEPTH && !isOver(); i++) {
        look();
        chain.mine();
      }
    }

    private boolean isOver() throws SQLException {
      for (Request wish : wishes) {
        Optional<Tracked> found = store.find(wish.key());
        if (found.isEmpty() || !(found.get().stage() instanceof Stage.Final)) {
          return false;
        }
      }
      return store.underWay(SIGNER.address()).isEmpty();
    }

    private static Request wish(int number) {
      return new Request(
          "wish-" + number,
          SIGNER.address(),
          Optional.of(Address.ZERO),
          BigInteger.ZERO,
          "0x%08x".formatted(number));
    }
  }
}
