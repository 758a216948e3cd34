package org.agentchat.akash.chain;

import org.agentchat.akash.tx.BidId;
import org.agentchat.akash.tx.Price;

/// A bid as the chain has it.
///
/// @param open it can be accepted
public record Bid(BidId id, Price price, boolean open) {}
