package org.agentchat.akash.deployment;

import java.util.ArrayList;
import java.util.List;
import org.agentchat.akash.chain.Bid;
import org.agentchat.akash.chain.ChainClient;
import org.agentchat.akash.tx.DeploymentId;
import org.agentchat.akash.wallet.Address;

/// An owner's own choice among the bids.
final class Acceptance {
  private Acceptance() {}

  /// The steps that write it down: that provider's bid for every group that has no lease.
  ///
  /// @throws IllegalArgumentException if there is no such bid, or it is too late for one
  static List<Step> of(DeploymentRecord record, ChainClient chain, Address provider) {
    if (record.phase() != Phase.BIDDING || record.pending().isPresent()) {
      throw new IllegalArgumentException(
          "the deployment is %s, and bids are accepted only while it is %s"
              .formatted(record.phase().words(), Phase.BIDDING.words()));
    }
    DeploymentId id = record.id().orElseThrow();
    List<Step> steps = new ArrayList<>();
    for (Bid bid : chain.bids(id)) {
      if (bid.open() && bid.id().provider().equals(provider)) {
        steps.add(
            new Step.Chosen(
                bid.id().gseq(),
                bid.id().oseq(),
                bid.id().bseq(),
                provider.text(),
                bid.price().amount().toPlainString(),
                List.of(provider + " for " + bid.price() + ": chosen by the owner")));
      }
    }
    if (steps.isEmpty()) {
      throw new IllegalArgumentException(
          "%s has no open bid on the deployment %d".formatted(provider, id.dseq()));
    }
    return steps;
  }
}
