package org.agentchat.akash.tx;

import java.math.BigDecimal;
import java.util.regex.Pattern;

/// An amount of money, in the smallest unit: `uakt` pays fees and is burned for `uact`, which pays
/// deployments. A million of them are one AKT or one ACT.
///
/// @param amount not negative
public record Coin(String denom, long amount) {
  public static final String UAKT = "uakt";
  public static final String UACT = "uact";

  private static final Pattern DENOM = Pattern.compile("[a-zA-Z][a-zA-Z0-9/:._-]{2,127}");

  /// Checks both.
  ///
  /// @throws IllegalArgumentException if there is no such denomination, or the amount is negative
  public Coin {
    if (!DENOM.matcher(denom).matches()) {
      throw new IllegalArgumentException("a denomination wanted, found '" + denom + "'");
    }
    if (amount < 0) {
      throw new IllegalArgumentException("an amount of " + denom + " is not negative: " + amount);
    }
  }

  public static Coin uakt(long amount) {
    return new Coin(UAKT, amount);
  }

  public static Coin uact(long amount) {
    return new Coin(UACT, amount);
  }

  org.agentchat.akash.messages.Coin message() {
    return org.agentchat.akash.messages.Coin.newBuilder()
        .setDenom(denom)
        .setAmount(Long.toString(amount))
        .build();
  }

  /// As a person reads it: `1.5 AKT`, or the amount with the denomination itself.
  @Override
  public String toString() {
    boolean micro = denom.equals(UAKT) || denom.equals(UACT);
    return micro
        ? BigDecimal.valueOf(amount, 6).stripTrailingZeros().toPlainString()
            + " "
            + (denom.equals(UAKT) ? "AKT" : "ACT")
        : amount + denom;
  }
}
