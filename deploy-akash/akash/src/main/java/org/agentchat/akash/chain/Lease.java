package org.agentchat.akash.chain;

import org.agentchat.akash.tx.BidId;
import org.agentchat.akash.tx.Price;

/// A lease as the chain has it.
///
/// @param state `active`, or why it is not: `closed`, `insufficient_funds`
public record Lease(BidId id, Price price, String state) {
  public boolean isActive() {
    return state.equals("active");
  }
}
