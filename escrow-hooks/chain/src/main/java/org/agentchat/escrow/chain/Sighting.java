package org.agentchat.escrow.chain;

/// Where the attempts of a request were seen.
sealed interface Sighting {
  /// In no block of the chain.
  ///
  /// @param pending whether the node still has the newest one
  record InNoBlock(boolean pending) implements Sighting {}

  /// One of them is in a block of the chain.
  record InBlock(Inclusion where) implements Sighting {}

  /// The node contradicts itself, as while a new block arrives: nothing is decided at this look.
  record Unclear(String why) implements Sighting {}
}
