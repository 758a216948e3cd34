package org.agentchat.escrow.chain;

import java.math.BigInteger;

/// What a transaction offers for each unit of gas (EIP-1559), in wei.
///
/// @param max the most that is paid, base fee included
/// @param tip the most that goes to whoever makes the block
public record Fees(BigInteger max, BigInteger tip) {
  /// @throws IllegalArgumentException unless 0 <= tip <= max, max > 0
  public Fees {
    if (tip.signum() < 0 || max.signum() <= 0 || tip.compareTo(max) > 0) {
      throw new IllegalArgumentException(
          "fees are 0 <= tip <= max in wei, not tip %s of max %s".formatted(tip, max));
    }
  }

  /// The most that this much gas costs, in wei.
  BigInteger costOf(BigInteger gas) {
    return max.multiply(gas);
  }

  @Override
  public String toString() {
    return "max %s wei, tip %s wei".formatted(max, tip);
  }
}
