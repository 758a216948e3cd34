package org.agentchat.escrow.chain;

import java.util.List;
import java.util.Optional;

/// What a node says became of a transaction.
///
/// @param transaction its hash
/// @param block where it is
/// @param from who signed it
/// @param succeeded false if it was undone
/// @param created the contract that it made
/// @param gasUsed gas that it used
/// @param logs what contracts reported
public record Receipt(
    Hash transaction,
    BlockRef block,
    Address from,
    boolean succeeded,
    Optional<Address> created,
    long gasUsed,
    List<ChainLog> logs) {
  public Receipt {
    logs = List.copyOf(logs);
  }
}
