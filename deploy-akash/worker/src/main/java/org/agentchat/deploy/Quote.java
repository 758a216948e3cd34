package org.agentchat.deploy;

import java.util.Optional;
import org.agentchat.akash.chain.Balances;
import org.agentchat.akash.chain.ChainClient;
import org.agentchat.akash.deployment.Plan;
import org.agentchat.akash.tx.Coin;
import org.jspecify.annotations.Nullable;

/// What a worker takes on, and the plan that follows from it.
record Quote(WorkerSettings settings) {
  /// Why an offer with these terms is declined; empty when it is taken.
  ///
  /// @param promised what deals that were taken on are still to put into escrow, in uact
  /// @throws org.agentchat.akash.chain.NodeException when the network does not answer
  Optional<String> objection(@Nullable String text, long promised) {
    DealTerms terms;
    try {
      terms = DealTerms.read(text);
    } catch (UnusableTermsException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
    if (terms.ceiling() > settings.maxCeiling()) {
      return Optional.of(
          "the ceiling of %s is more than the %s that are taken on"
              .formatted(Coin.uact(terms.ceiling()), Coin.uact(settings.maxCeiling())));
    }
    if (terms.duration().compareTo(settings.maxDuration()) > 0) {
      return Optional.of(
          "the duration of %d h is more than the %d h that are taken on"
              .formatted(terms.duration().toHours(), settings.maxDuration().toHours()));
    }
    return objectionOfNetwork(terms, promised);
  }

  private Optional<String> objectionOfNetwork(DealTerms terms, long promised) {
    ChainClient chain = settings.chain();
    chain.requireUsableNode();
    long least = chain.minDeposit();
    if (terms.ceiling() < least) {
      return Optional.of(
          "the network wants a deposit of %s, and the ceiling is %s"
              .formatted(Coin.uact(least), Coin.uact(terms.ceiling())));
    }
    Balances has = chain.balances(settings.key().address());
    long missing = terms.ceiling() + promised - has.act().amount();
    long burn = burn(missing);
    return (missing > 0 && burn == 0) || has.akt().amount() < Plan.FEE_RESERVE + burn
        ? Optional.of("the worker cannot pay for that at present")
        : Optional.empty();
  }

  /// What is burned for ACT that is missing, in uakt; 0 for nothing.
  private long burn(long missing) {
    return missing > 0 && settings.mayMint()
        ? settings.chain().mintTerms().burnFor(missing).map(Coin::amount).orElse(0L)
        : 0;
  }

  /// The plan for a deal. Its name is the deal's, which is how it is found again.
  ///
  /// @param acceptedAt log time, from which the duration counts
  Plan plan(String deal, DealTerms terms, long acceptedAt) {
    long has = settings.chain().balances(settings.key().address()).act().amount();
    return new Plan(
        deal,
        settings.chain().network().chainId(),
        settings.key().address().text(),
        terms.sdl(),
        terms.ceiling(),
        burn(terms.ceiling() - has),
        acceptedAt + terms.duration().toMillis(),
        terms.rules(),
        settings.patience());
  }
}
