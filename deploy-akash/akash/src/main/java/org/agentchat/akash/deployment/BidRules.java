package org.agentchat.akash.deployment;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Which bids may be accepted; the cheapest of them is.
///
/// @param maxPrice the most that one group may cost a block, in uact; empty is what the SDL says
/// @param auditors one of them must have signed for the provider; empty is nobody
/// @param attributes what the provider must say of itself
/// @param regions one of them must be its `region`; empty is any
/// @param provider the only one; empty is any
public record BidRules(
    Optional<BigDecimal> maxPrice,
    List<String> auditors,
    SortedMap<String, String> attributes,
    List<String> regions,
    Optional<String> provider) {
  public static final BidRules ANY =
      new BidRules(Optional.empty(), List.of(), new TreeMap<>(), List.of(), Optional.empty());

  public BidRules {
    auditors = List.copyOf(auditors);
    regions = List.copyOf(regions);
  }
}
