package org.agentchat.ledger;

/// The rating rules `elo/1`: pure arithmetic, the same on every machine (`StrictMath`, no clock).
///
/// The formulas and constants are the reference's (reputation.md sections 1 and 2); ratings are
/// whole numbers and every side counts with its own K-factor and its own expectation.
public final class Elo {
  /// The rating of an agent that has finished no deal.
  public static final int DEFAULT_RATING = 1200;

  /// No rating falls below this.
  public static final int MINIMUM_RATING = 100;

  /// Within this time, in milliseconds, a pair's further completions move no rating, and its
  /// further disputes move stakes only.
  public static final long PAIR_COOLDOWN = 3_600_000;

  private static final double DIVISOR = 400;
  private static final double MAX_AMOUNT_FACTOR = 3;

  private Elo() {}

  /// The score that a rating lets one expect against another, between 0 and 1.
  public static double expected(double self, double opponent) {
    return 1 / (1 + StrictMath.pow(10, (opponent - self) / DIVISOR));
  }

  /// How far one deal may move a rating: less, the more deals came before.
  ///
  /// @param transactions deals before this one
  public static int kFactor(int transactions) {
    if (transactions < 30) {
      return 32;
    }
    return transactions < 100 ? 24 : 16;
  }

  /// The K-factor weighted by what the deal is worth; three times at the most, from 99 on.
  ///
  /// @param amount units of the deal's own currency; nothing is added for 0
  public static double effectiveK(int k, double amount) {
    return amount > 0 ? k * Math.min(1 + StrictMath.log10(amount + 1), MAX_AMOUNT_FACTOR) : k;
  }

  /// What a completion would bring alone, before halving: at least 1.
  public static int fullGain(int self, int counterparty, int k, double amount) {
    return atLeastOne(effectiveK(k, amount) * (1 - expected(self, counterparty)));
  }

  /// What a completion brings: half of the full gain, divided by how often this pair has completed,
  /// this time included; at least 1.
  public static int gain(int self, int counterparty, int k, double amount, int completions) {
    double diminishing = 1.0 / completions;
    return atLeastOne(fullGain(self, counterparty, k, amount) / 2.0 * diminishing);
  }

  /// What the side at fault loses in a dispute, a positive number: at least 1.
  public static int loss(int self, int winner, int k, double amount) {
    return atLeastOne(effectiveK(k, amount) * expected(self, winner));
  }

  /// The same in a pair that has disputed before: divided by how often it has, this time included.
  public static int loss(int self, int winner, int k, double amount, int disputes) {
    return atLeastOne(loss(self, winner, k, amount) * (1.0 / disputes));
  }

  /// What the other side of a dispute wins: half of the loss, rounded as JavaScript does.
  public static int winnings(int loss) {
    return (int) StrictMath.round(loss * 0.5);
  }

  /// The rating after a change: never below the floor.
  public static int floored(int rating, int change) {
    return Math.max(MINIMUM_RATING, rating + change);
  }

  /// Rating points that are free to be staked.
  ///
  /// @param staked points at risk in open deals
  public static int available(int rating, int staked) {
    return Math.max(0, rating - staked - MINIMUM_RATING);
  }

  private static int atLeastOne(double points) {
    return (int) Math.max(1, StrictMath.round(points));
  }
}
