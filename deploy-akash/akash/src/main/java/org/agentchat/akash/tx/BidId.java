package org.agentchat.akash.tx;

import org.agentchat.akash.messages.BidID;
import org.agentchat.akash.wallet.Address;

/// A provider's bid on one order, and the lease that it becomes.
///
/// @param gseq which group of the deployment, from 1
/// @param oseq which order of the group, from 1: a group whose lease ended is ordered anew
/// @param bseq which bid of the provider; 0 today
public record BidId(DeploymentId deployment, int gseq, int oseq, Address provider, int bseq) {
  BidID message() {
    return BidID.newBuilder()
        .setOwner(deployment.owner().text())
        .setDseq(deployment.dseq())
        .setGseq(gseq)
        .setOseq(oseq)
        .setProvider(provider.text())
        .setBseq(bseq)
        .build();
  }

  @Override
  public String toString() {
    return deployment.dseq() + "/" + gseq + "/" + oseq + "/" + provider;
  }
}
