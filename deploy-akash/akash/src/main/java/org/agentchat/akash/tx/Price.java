package org.agentchat.akash.tx;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.agentchat.akash.messages.DecCoin;

/// A price for one block (about six seconds), in the smallest unit, with up to 18 decimal places.
///
/// @param amount not negative
public record Price(String denom, BigDecimal amount) {
  /// Decimal places of every decimal on the chain.
  public static final int PLACES = 18;

  /// What one block takes on average, in milliseconds, measured on the main network.
  public static final long BLOCK_MS = 6_098;

  private static final long MONTH_BLOCKS = 30L * 24 * 3_600_000 / BLOCK_MS;

  /// Checks the amount and drops zeros behind its last place.
  ///
  /// @throws IllegalArgumentException if it is negative or has more places
  public Price {
    amount = amount.stripTrailingZeros();
    if (amount.signum() < 0 || amount.scale() > PLACES) {
      throw new IllegalArgumentException(
          "a price that is not negative and has at most 18 places wanted, found " + amount);
    }
  }

  /// On the wire a decimal is the integer that is 10^18 times as large.
  public DecCoin message() {
    return DecCoin.newBuilder()
        .setDenom(denom)
        .setAmount(amount.movePointRight(PLACES).toBigIntegerExact().toString())
        .build();
  }

  /// What so many blocks cost, rounded up to the next smallest unit.
  ///
  /// @throws ArithmeticException if that is more than a `long` holds
  public Coin forBlocks(long blocks) {
    return new Coin(
        denom,
        amount
            .multiply(BigDecimal.valueOf(blocks))
            .setScale(0, RoundingMode.CEILING)
            .longValueExact());
  }

  /// `10.5uact a block (74.34 ACT in 30 days)`.
  @Override
  public String toString() {
    return "%s%s a block (%s in 30 days)"
        .formatted(amount.toPlainString(), denom, forBlocks(MONTH_BLOCKS));
  }
}
