package org.agentchat.akash.deployment;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.agentchat.akash.messages.GroupSpec;
import org.agentchat.akash.messages.ResourceUnit;
import org.agentchat.akash.sdl.Manifest;
import org.agentchat.akash.tx.Price;

/// The most that may be paid.
public final class Ceilings {
  private Ceilings() {}

  /// For a block of one group, in uact: what the SDL says, or what the rules say if that is less.
  static BigDecimal of(GroupSpec group, BidRules rules) {
    BigDecimal sum = BigDecimal.ZERO;
    for (ResourceUnit unit : group.getResourcesList()) {
      BigDecimal price = new BigDecimal(new BigInteger(unit.getPrice().getAmount()), Price.PLACES);
      sum = sum.add(price.multiply(BigDecimal.valueOf(unit.getCount())));
    }
    return rules.maxPrice().map(sum::min).orElse(sum);
  }

  /// For a block of all groups, in uact.
  public static BigDecimal of(Manifest manifest, BidRules rules) {
    return manifest.groups().stream()
        .map(group -> of(group, rules))
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }
}
