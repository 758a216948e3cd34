package org.agentchat.deploy;

import java.time.Duration;
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
  /// @throws org.agentchat.akash.chain.NodeException when the network does not answer
  Optional<String> objection(@Nullable String text) {
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
    return objectionOfNetwork(terms);
  }

  private Optional<String> objectionOfNetwork(DealTerms terms) {
    ChainClient chain = settings.chain();
    chain.requireUsableNode();
    long least = chain.minDeposit();
    if (terms.ceiling() < least) {
      return Optional.of(
          "the network wants a deposit of %s, and the ceiling is %s"
              .formatted(Coin.uact(least), Coin.uact(terms.ceiling())));
    }
    long burn = burn(terms);
    Balances has = chain.balances(settings.key().address());
    boolean poor = has.act().amount() < terms.ceiling() && burn == 0;
    return poor || has.akt().amount() < burn
        ? Optional.of("the worker cannot pay for that at present")
        : Optional.empty();
  }

  /// What is burned for ACT that is missing, in uakt; 0 for nothing.
  private long burn(DealTerms terms) {
    ChainClient chain = settings.chain();
    long missing = terms.ceiling() - chain.balances(settings.key().address()).act().amount();
    return missing > 0 && settings.mayMint()
        ? chain.mintTerms().burnFor(missing).map(Coin::amount).orElse(0L)
        : 0;
  }

  /// The plan for a deal. Its name is the deal's, which is how it is found again.
  ///
  /// @param acceptedAt log time, from which the duration counts
  Plan plan(String deal, DealTerms terms, long acceptedAt) {
    Duration time = terms.duration();
    return new Plan(
        deal,
        settings.chain().network().chainId(),
        settings.key().address().text(),
        terms.sdl(),
        terms.ceiling(),
        burn(terms),
        acceptedAt + time.toMillis(),
        terms.rules(),
        settings.patience());
  }
}
