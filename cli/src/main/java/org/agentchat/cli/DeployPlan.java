package org.agentchat.cli;

import java.io.Console;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.agentchat.akash.chain.Balances;
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
/// @param mints whether the wallet has too little ACT, so that AKT is burned first
/// @param has what the wallet has
record DeployPlan(Plan plan, boolean mints, Balances has) {
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
    Balances has = chain.balances(owner);
    boolean mints = has.act().amount() < deposit;
    long burn =
        mints
            ? chain
                .mintTerms()
                .burnFor(deposit - has.act().amount())
                .map(Coin::amount)
                .orElseThrow(() -> noPrice(deposit, has))
            : 0;
    Plan plan =
        new Plan(
            name.orElseGet(() -> file.sdl().rollouts().getFirst().service().name()),
            chain.network().chainId(),
            owner.text(),
            file.sdlText(),
            deposit,
            burn,
            duration.map(time -> now.plus(time).toEpochMilli()).orElse(0L),
            rules,
            Patience.DEFAULT);
    return new DeployPlan(plan, mints, has);
  }

  private static CommandFailure noPrice(long deposit, Balances has) {
    return new CommandFailure(
        "NO_PRICE",
        Exit.FAILED,
        "The wallet has %s of the deposit of %s, and the network names no price at which AKT becomes ACT"
            .formatted(has.act(), Coin.uact(deposit)));
  }

  /// What so long costs at the most, in uact.
  private static long cost(BigDecimal aBlock, Duration time) {
    BigDecimal blocks =
        BigDecimal.valueOf(time.toMillis())
            .divide(BigDecimal.valueOf(Price.BLOCK_MS), 0, RoundingMode.CEILING);
    return aBlock.multiply(blocks).setScale(0, RoundingMode.CEILING).longValueExact();
  }

  /// Asks before AKT is burned.
  ///
  /// @throws CommandFailure if the answer is no, or nobody is there to ask
  void confirm(boolean yes, Output output) {
    if (!mints || yes) {
      return;
    }
    String question =
        "The wallet has %s of the deposit of %s. Burn %s to mint the rest? That cannot be undone."
            .formatted(has.act(), Coin.uact(plan.deposit()), Coin.uakt(plan.burn()));
    Optional<Console> console =
        Optional.ofNullable(System.console()).filter(one -> one.isTerminal() && !output.isJson());
    if (console.isEmpty()) {
      throw new CommandFailure(
          "CONFIRMATION", Exit.FAILED, question + " Nobody is there to ask; --yes agrees");
    }
    String answer = console.get().readLine("%s [y/N] ", question);
    if (answer == null || !answer.strip().toLowerCase(Locale.ROOT).equals("y")) {
      throw new CommandFailure("CONFIRMATION", Exit.FAILED, "Nothing was done");
    }
  }

  /// The transactions, for a person.
  List<String> lines(List<DryRun.Cost> costs) {
    List<String> lines = new ArrayList<>();
    lines.add("Nothing is sent. The transactions would be:");
    long fees = 0;
    for (DryRun.Cost cost : costs) {
      fees += cost.fee().amount();
      lines.add(
          "  %-6s fee %s%s (%s)"
              .formatted(
                  cost.kind(),
                  cost.fee(),
                  cost.moves().isEmpty() ? "" : ", moves " + cost.moves(),
                  Printable.of(cost.note())));
    }
    lines.add("Fees in all: " + Coin.uakt(fees));
    lines.add("Escrow: " + Coin.uact(plan.deposit()) + "; what is not used comes back");
    lines.add(
        "At the most: "
            + new Price(
                Coin.UACT,
                Ceilings.of(Manifest.of(DeployFile.read(plan.sdl()).sdl()), plan.rules())));
    lines.add("The wallet has %s and %s".formatted(has.akt(), has.act()));
    return lines;
  }
}
