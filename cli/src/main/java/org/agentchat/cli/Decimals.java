package org.agentchat.cli;

import java.math.BigDecimal;

/// Exact decimals as people write them.
final class Decimals {
  private Decimals() {}

  /// No exponent, no zeros behind the last digit that counts.
  static BigDecimal plain(BigDecimal value) {
    BigDecimal stripped = value.stripTrailingZeros();
    return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
  }

  static String text(BigDecimal value) {
    return plain(value).toPlainString();
  }
}
