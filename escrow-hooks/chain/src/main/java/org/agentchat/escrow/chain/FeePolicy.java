package org.agentchat.escrow.chain;

import java.math.BigInteger;
import java.util.Optional;

/// How much a transaction may offer: twice the base fee, so that it stays good for six full blocks
/// in a row, and a tip; when it is stuck, both an eighth more.
///
/// @param maxFeeCap never more than this for a unit of gas, wei
/// @param minTip a tip at least, wei, whatever the node suggests
/// @param maxTip a tip at most, wei, whatever the node suggests; replacements may go beyond it, as
///   far as the cap
/// @param stuckAfter blocks without the transaction after which it is replaced, at least 1
public record FeePolicy(
    BigInteger maxFeeCap, BigInteger minTip, BigInteger maxTip, int stuckAfter) {
  private static final BigInteger GWEI = BigInteger.TEN.pow(9);

  /// 500 gwei at most, a tip of 1 wei to 10 gwei, replaced after 3 blocks.
  public static final FeePolicy DEFAULT =
      new FeePolicy(
          GWEI.multiply(BigInteger.valueOf(500)), BigInteger.ONE, GWEI.multiply(BigInteger.TEN), 3);

  private static final BigInteger NINE = BigInteger.valueOf(9);
  private static final BigInteger EIGHT = BigInteger.valueOf(8);

  /// @throws IllegalArgumentException if the limits contradict each other
  public FeePolicy {
    if (minTip.signum() < 0
        || minTip.compareTo(maxTip) > 0
        || maxTip.compareTo(maxFeeCap) > 0
        || maxFeeCap.signum() <= 0) {
      throw new IllegalArgumentException(
          "fee limits are 0 <= min tip <= max tip <= cap in wei, not %s, %s, %s"
              .formatted(minTip, maxTip, maxFeeCap));
    }
    if (stuckAfter < 1) {
      throw new IllegalArgumentException(
          "a transaction is stuck after at least 1 block, not " + stuckAfter);
    }
  }

  /// For a new transaction; empty while the base fee alone is above the cap, because such a
  /// transaction would not be mined but only hold its nonce.
  Optional<Fees> first(BigInteger baseFee, BigInteger suggestedTip) {
    if (baseFee.compareTo(maxFeeCap) >= 0) {
      return Optional.empty();
    }
    BigInteger tip = suggestedTip.max(minTip).min(maxTip);
    BigInteger max = baseFee.shiftLeft(1).add(tip).min(maxFeeCap).max(BigInteger.ONE);
    return Optional.of(new Fees(max, tip.min(max)));
  }

  /// For the replacement of a stuck transaction: both fields 12.5 % more, rounded up, and at least
  /// what a new transaction would offer now. Empty when that is above the cap: nodes refuse a
  /// replacement that offers less than 10 % more in either field, so there is nothing in between.
  Optional<Fees> bumped(Fees stuck, BigInteger baseFee, BigInteger suggestedTip) {
    Fees more = new Fees(anEighthMore(stuck.max()), anEighthMore(stuck.tip()));
    if (more.max().compareTo(maxFeeCap) > 0) {
      return Optional.empty();
    }
    return Optional.of(
        first(baseFee, suggestedTip)
            .map(now -> new Fees(more.max().max(now.max()), more.tip().max(now.tip())))
            .orElse(more));
  }

  /// At least 1 wei more, because nodes want strictly more of a tip of nothing, too.
  private static BigInteger anEighthMore(BigInteger wei) {
    return wei.multiply(NINE).add(EIGHT).subtract(BigInteger.ONE).divide(EIGHT).max(BigInteger.ONE);
  }
}
