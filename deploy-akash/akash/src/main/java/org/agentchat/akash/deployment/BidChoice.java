package org.agentchat.akash.deployment;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.agentchat.akash.chain.Bid;
import org.agentchat.akash.chain.Provider;
import org.agentchat.akash.tx.Coin;

/// The cheapest open bid that fits, and what was thought of each.
///
/// @param bid empty when none fits
/// @param explanations one line for each bid, the cheapest first
public record BidChoice(Optional<Bid> bid, List<String> explanations) {
  public BidChoice {
    explanations = List.copyOf(explanations);
  }

  /// Chooses for one group.
  ///
  /// @param bids on the group; of the same price, the one of the lower address comes first
  /// @param providers of the bids, by address
  /// @param ceiling the most a block, in uact
  /// @param avoided providers that are not asked again, and why
  public static BidChoice of(
      List<Bid> bids,
      Map<String, Provider> providers,
      BidRules rules,
      BigDecimal ceiling,
      Map<String, String> avoided) {
    List<Bid> sorted =
        bids.stream()
            .sorted(
                Comparator.comparing((Bid bid) -> bid.price().amount())
                    .thenComparing(bid -> bid.id().provider().text()))
            .toList();
    Optional<Bid> chosen = Optional.empty();
    List<String> explanations = new ArrayList<>();
    for (Bid bid : sorted) {
      Optional<String> against = against(bid, providers, rules, ceiling, avoided);
      String verdict =
          against.orElse(chosen.isPresent() ? "fits, but is not the cheapest" : "chosen");
      if (against.isEmpty() && chosen.isEmpty()) {
        chosen = Optional.of(bid);
      }
      explanations.add("%s for %s: %s".formatted(bid.id().provider(), bid.price(), verdict));
    }
    return new BidChoice(chosen, explanations);
  }

  private static Optional<String> against(
      Bid bid,
      Map<String, Provider> providers,
      BidRules rules,
      BigDecimal ceiling,
      Map<String, String> avoided) {
    String owner = bid.id().provider().text();
    Provider provider = providers.get(owner);
    if (!bid.open()) {
      return Optional.of("is not open any more");
    }
    if (!bid.price().denom().equals(Coin.UACT)) {
      return Optional.of("is in " + bid.price().denom());
    }
    if (bid.price().amount().compareTo(ceiling) > 0) {
      return Optional.of("is above the ceiling of " + ceiling.toPlainString() + Coin.UACT);
    }
    if (avoided.containsKey(owner)) {
      return Optional.of("is avoided: " + avoided.get(owner));
    }
    if (rules.provider().isPresent() && !rules.provider().get().equals(owner)) {
      return Optional.of("is not the provider that was asked for");
    }
    if (provider == null) {
      return Optional.of("is of nobody that the chain knows");
    }
    return against(provider, rules);
  }

  private static Optional<String> against(Provider provider, BidRules rules) {
    if (!rules.auditors().isEmpty()
        && rules.auditors().stream().noneMatch(provider.auditors()::contains)) {
      return Optional.of("is not audited by " + String.join(" or ", rules.auditors()));
    }
    String region = provider.attributes().getOrDefault("region", "");
    if (!rules.regions().isEmpty() && !rules.regions().contains(region)) {
      return Optional.of(
          "is in " + (region.isEmpty() ? "no region that it names" : "the region " + region));
    }
    for (Map.Entry<String, String> wanted : rules.attributes().entrySet()) {
      String found = provider.attributes().get(wanted.getKey());
      if (!wanted.getValue().equals(found)) {
        return Optional.of(
            "has %s: %s and not %s"
                .formatted(wanted.getKey(), found == null ? "nothing" : found, wanted.getValue()));
      }
    }
    return Optional.empty();
  }
}
