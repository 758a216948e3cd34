package org.agentchat.akash.tx;

import org.agentchat.akash.messages.DeploymentID;
import org.agentchat.akash.wallet.Address;

/// A deployment on the chain.
///
/// @param dseq its number, chosen by the owner and never used twice by it; by custom the height of
///   the chain at that time
public record DeploymentId(Address owner, long dseq) {
  /// Checks the number.
  ///
  /// @throws IllegalArgumentException if the number is not positive
  public DeploymentId {
    if (dseq <= 0) {
      throw new IllegalArgumentException("a dseq is positive, found " + dseq);
    }
  }

  DeploymentID message() {
    return DeploymentID.newBuilder().setOwner(owner.text()).setDseq(dseq).build();
  }

  @Override
  public String toString() {
    return owner + "/" + dseq;
  }
}
