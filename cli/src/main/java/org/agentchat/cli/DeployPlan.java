package org.agentchat.cli;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.agentchat.akash.chain.ChainClient;
import org.agentchat.akash.deployment.BidRules;
import org.agentchat.akash.deployment.Ceilings;
import org.agentchat.akash.deployment.DryRun;
import org.agentchat.akash.deployment.Patience;
import org.agentchat.akash.deployment.Plan;
import org.agentchat.akash.sdl.DeployFile;
import org.agentchat.akash.sdl.Manifest;
import org.agentchat.akash.tx.Coin;
import org.agentchat.akash.tx.Price;
import org.agentchat.akash.wallet.Address;

/// A plan with what its owner is told before it begins.
///
/// @param money its deposit
record DeployPlan(Plan plan, DeployMoney money) {
  /// What existing tools put into escrow, in uact.
  static final long DEFAULT_DEPOSIT = 5_000_000;

  /// Looks at the wallet and the network and makes a plan.
  ///
  /// @throws IllegalArgumentException if the terms make no sense
  static DeployPlan of(
      DeployFile file,
      Optional<String> name,
      Address owner,
      ChainClient chain,
      DeployTerms terms,
      Optional<Address> provider,
      Instant now) {
    chain.requireUsableNode();
    BidRules rules = terms.rules(provider);
    Manifest manifest = Manifest.of(file.sdl());
    Optional<Duration> duration = terms.duration(file);
    long deposit =
        Math.max(
            chain.minDeposit(),
            terms
                .depositUact()
                .or(() -> duration.map(time -> cost(Ceilings.of(manifest, rules), time)))
                .orElse(DEFAULT_DEPOSIT));
    DeployMoney money = DeployMoney.of(chain, owner, deposit);
    Plan plan =
        new Plan(
            name.orElseGet(() -> file.sdl().rollouts().getFirst().service().name()),
            chain.network().chainId(),
            owner.text(),
            file.sdlText(),
            deposit,
            money.burn(),
            duration.map(time -> now.plus(time).toEpochMilli()).orElse(0L),
            rules,
            Patience.DEFAULT);
    return new DeployPlan(plan, money);
  }

  /// What so long costs at the most, in uact.
  private static long cost(BigDecimal aBlock, Duration time) {
    BigDecimal blocks =
        BigDecimal.valueOf(time.toMillis())
            .divide(BigDecimal.valueOf(Price.BLOCK_MS), 0, RoundingMode.CEILING);
    return aBlock.multiply(blocks).setScale(0, RoundingMode.CEILING).longValueExact();
  }

  /// The transactions, for a person.
  List<String> lines(List<DryRun.Cost> costs) {
    List<String> lines = DeployMoney.lines(costs);
    lines.add("Escrow: " + Coin.uact(plan.deposit()) + "; what is not used comes back");
    lines.add(
        "At the most: "
            + new Price(
                Coin.UACT,
                Ceilings.of(Manifest.of(DeployFile.read(plan.sdl()).sdl()), plan.rules())));
    lines.add("The wallet has %s and %s".formatted(money.has().akt(), money.has().act()));
    return lines;
  }
}
