package org.agentchat.ledger;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.receipt.Receipt;
import org.jspecify.annotations.Nullable;

/// What a ledger says in public about its log: what an [Auditor] holds against the log itself.
///
/// @param origin the log's name
/// @param size entries that the ledger had applied
/// @param rootHash of those entries, 64 hexadecimal digits
/// @param stateHash see [Ledger#stateHash], 64 hexadecimal digits
/// @param agents every agent that the ledger knows
/// @param receipts every receipt that it has issued
/// @param agentsSize entries that the ledger had applied when it told of its agents: a ledger that
///   grows tells of them a little later; null is `size`, and [#UNTOLD] means that it grew too fast
///   to tell of them all at one size, so that `agents` is empty
public record Publication(
    String origin,
    long size,
    String rootHash,
    String stateHash,
    List<Standing> agents,
    List<Receipt> receipts,
    @Nullable Long agentsSize) {

  /// No agents are published.
  public static final long UNTOLD = -1;

  /// Where one agent stands.
  ///
  /// @param skills ratings by capability; null when nothing is said of them
  public record Standing(
      AgentId id,
      int rating,
      int transactions,
      int staked,
      @Nullable SortedMap<String, Skill> skills) {
    /// Shields the skills.
    public Standing {
      skills = skills == null ? null : Collections.unmodifiableSortedMap(new TreeMap<>(skills));
    }

    /// Says nothing of skills.
    public Standing(AgentId id, int rating, int transactions, int staked) {
      this(id, rating, transactions, staked, null);
    }
  }

  /// A rating in one capability.
  public record Skill(int rating, int transactions) {}

  /// Copies the lists.
  public Publication {
    agents = List.copyOf(agents);
    receipts = List.copyOf(receipts);
  }

  /// All of it at one size.
  public Publication(
      String origin,
      long size,
      String rootHash,
      String stateHash,
      List<Standing> agents,
      List<Receipt> receipts) {
    this(origin, size, rootHash, stateHash, agents, receipts, null);
  }

  /// At which size the agents are to be compared, or [#UNTOLD].
  public long sizeOfAgents() {
    return agentsSize == null ? size : agentsSize;
  }

  /// How many entries the log has at least.
  public long wholeSize() {
    return Math.max(size, sizeOfAgents());
  }
}
