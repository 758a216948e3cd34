package org.agentchat.ledger;

import java.util.List;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.receipt.Receipt;

/// What a ledger says in public about its log, all of it at one size: what an [Auditor] holds
/// against the log itself.
///
/// @param origin the log's name
/// @param size entries that the ledger had applied
/// @param rootHash of those entries, 64 hexadecimal digits
/// @param stateHash see [Ledger#stateHash], 64 hexadecimal digits
/// @param agents every agent that the ledger knows
/// @param receipts every receipt that it has issued
public record Publication(
    String origin,
    long size,
    String rootHash,
    String stateHash,
    List<Standing> agents,
    List<Receipt> receipts) {

  /// Where one agent stands.
  public record Standing(AgentId id, int rating, int transactions, int staked) {}

  /// Copies the lists.
  public Publication {
    agents = List.copyOf(agents);
    receipts = List.copyOf(receipts);
  }
}
