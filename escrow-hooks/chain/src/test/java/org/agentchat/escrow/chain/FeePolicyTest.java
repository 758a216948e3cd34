package org.agentchat.escrow.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class FeePolicyTest {
  private static final FeePolicy POLICY = new FeePolicy(wei(1_000), wei(2), wei(50), 3);

  @Test
  void newTransactionOffersTwiceTheBaseFeeAndTheTip() {
    assertThat(POLICY.first(wei(100), wei(7))).contains(fees(207, 7));
  }

  @Test
  void tipStaysWithinItsBounds() {
    assertThat(POLICY.first(wei(100), wei(0))).contains(fees(202, 2));
    assertThat(POLICY.first(wei(100), wei(9_999))).contains(fees(250, 50));
  }

  @Test
  void offerIsCapped() {
    assertThat(POLICY.first(wei(600), wei(7))).contains(fees(1_000, 7));
    assertThat(POLICY.first(wei(999), wei(7))).contains(fees(1_000, 7));
  }

  @Test
  void nothingIsOfferedWhenTheBaseFeeAloneIsAtTheCap() {
    assertThat(POLICY.first(wei(1_000), wei(7))).isEmpty();
    assertThat(POLICY.first(wei(5_000), wei(7))).isEmpty();
  }

  @Test
  void replacementOffersAnEighthMoreInBothFieldsRoundedUp() {
    assertThat(POLICY.bumped(fees(200, 8), wei(1), wei(2))).contains(fees(225, 9));
    assertThat(POLICY.bumped(fees(201, 9), wei(1), wei(2))).contains(fees(227, 11));
    assertThat(POLICY.bumped(fees(1, 1), wei(0), wei(2))).contains(fees(2, 2));
  }

  /// geth and others refuse less than 10 % more, and want strictly more also of nothing.
  @Test
  void everyReplacementIsOneThatNodesTake() {
    FeePolicy wide = new FeePolicy(wei(Long.MAX_VALUE), wei(0), wei(Long.MAX_VALUE), 1);
    for (long max = 1; max < 3_000; max++) {
      for (long tip = 0; tip <= max; tip += Math.max(1, max / 7)) {
        Fees stuck = fees(max, tip);
        Fees more = wide.bumped(stuck, wei(0), wei(0)).orElseThrow();
        assertThat(more.max()).isGreaterThan(stuck.max());
        assertThat(more.tip()).isGreaterThan(stuck.tip());
        assertThat(more.max().multiply(wei(1_000)))
            .isGreaterThanOrEqualTo(stuck.max().multiply(wei(1_125)));
        assertThat(more.tip().multiply(wei(1_000)))
            .isGreaterThanOrEqualTo(stuck.tip().multiply(wei(1_125)));
      }
    }
  }

  @Test
  void replacementUnderARisenBaseFeeOffersWhatANewTransactionWould() {
    assertThat(POLICY.bumped(fees(200, 8), wei(400), wei(20))).contains(fees(820, 20));
  }

  @Test
  void replacementAboveTheCapIsNone() {
    assertThat(POLICY.bumped(fees(888, 8), wei(100), wei(2))).contains(fees(999, 9));
    assertThat(POLICY.bumped(fees(889, 8), wei(100), wei(2))).isEqualTo(Optional.empty());
  }

  @Test
  void manyReplacementsEndAtTheCap() {
    Fees offer = POLICY.first(wei(1), wei(2)).orElseThrow();
    int replaced = 0;
    for (Optional<Fees> more = Optional.of(offer);
        more.isPresent();
        more = POLICY.bumped(more.get(), wei(1), wei(2))) {
      assertThat(more.get().max()).isLessThanOrEqualTo(wei(1_000));
      replaced++;
    }
    assertThat(replaced).isBetween(30, 60);
  }

  @Test
  void contradictoryLimitsAreRefused() {
    assertThatThrownBy(() -> new FeePolicy(wei(10), wei(5), wei(4), 3))
        .hasMessageContaining("5, 4, 10");
    assertThatThrownBy(() -> new FeePolicy(wei(10), wei(1), wei(11), 3))
        .hasMessageContaining("1, 11, 10");
    assertThatThrownBy(() -> new FeePolicy(wei(10), wei(1), wei(2), 0)).hasMessageContaining("0");
    assertThatThrownBy(() -> fees(3, 4)).hasMessageContaining("tip 4 of max 3");
  }

  private static Fees fees(long max, long tip) {
    return new Fees(wei(max), wei(tip));
  }

  private static BigInteger wei(long value) {
    return BigInteger.valueOf(value);
  }
}
