package org.agentchat.akash.deployment;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.agentchat.akash.chain.Network;
import org.agentchat.akash.tx.Coin;

/// What transactions cost.
public final class Fees {
  private Fees() {}

  /// For so much gas, used or not.
  public static Coin of(long gas, Network network) {
    return Coin.uakt(
        network
            .gasPrice()
            .multiply(BigDecimal.valueOf(gas))
            .setScale(0, RoundingMode.CEILING)
            .longValueExact());
  }
}
