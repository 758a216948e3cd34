package org.agentchat.akash.chain;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;
import org.agentchat.akash.tx.Coin;

/// How AKT becomes ACT at this time.
///
/// @param allowed the network's breaker is not tripped
/// @param status the network's word for its state
/// @param minimum the least that is minted, in uact
/// @param spreadBps what is kept, in hundredths of a percent
/// @param aktPrice ACT for one AKT; empty where no oracle answers
public record MintTerms(
    boolean allowed, String status, long minimum, int spreadBps, Optional<BigDecimal> aktPrice) {
  /// The price moves until the epoch ends: this much more is burned, in hundredths of a percent.
  private static final int MARGIN_BPS = 300;

  private static final BigDecimal ALL_BPS = BigDecimal.valueOf(10_000);

  /// What to burn to have at least so much; empty without a price.
  public Optional<Coin> burnFor(long uact) {
    BigDecimal wanted = BigDecimal.valueOf(Math.max(uact, minimum));
    BigDecimal kept = ALL_BPS.subtract(BigDecimal.valueOf((long) spreadBps + MARGIN_BPS));
    return aktPrice
        .filter(price -> price.signum() > 0 && kept.signum() > 0)
        .map(price ->
            Coin.uakt(
                wanted
                    .multiply(ALL_BPS)
                    .divide(price.multiply(kept), 0, RoundingMode.CEILING)
                    .longValueExact()));
  }
}
