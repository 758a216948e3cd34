package org.agentchat.akash.deployment;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agentchat.akash.chain.Bid;
import org.agentchat.akash.chain.ChainClient;
import org.agentchat.akash.chain.Provider;
import org.agentchat.akash.sdl.Manifest;
import org.agentchat.akash.sdl.SdlReader;
import org.agentchat.akash.tx.DeploymentId;

/// The bids on a deployment, with what is thought of each.
public final class BidBoard {
  private BidBoard() {}

  /// The choice for each group, in their order.
  ///
  /// @param record the deployment's, which has a number
  public static List<BidChoice> of(ChainClient chain, DeploymentRecord record) {
    DeploymentId id = record.id().orElseThrow();
    List<Bid> bids = chain.bids(id);
    Map<String, Provider> providers = new HashMap<>();
    for (Bid bid : bids) {
      chain.provider(bid.id().provider()).ifPresent(one -> providers.put(one.owner().text(), one));
    }
    Manifest manifest = Manifest.of(SdlReader.read(record.sdl()));
    List<BidChoice> choices = new ArrayList<>();
    for (int gseq = 1; gseq <= manifest.groups().size(); gseq++) {
      int group = gseq;
      choices.add(
          BidChoice.of(
              bids.stream().filter(bid -> bid.id().gseq() == group).toList(),
              providers,
              record.plan().rules(),
              Ceilings.of(manifest.groups().get(gseq - 1), record.plan().rules()),
              record.avoided()));
    }
    return choices;
  }
}
