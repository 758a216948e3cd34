package org.agentchat.hooks.evm;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.agentchat.escrow.chain.Address;
import org.agentchat.escrow.chain.FeePolicy;
import org.agentchat.escrow.chain.Finality;
import org.agentchat.escrow.chain.NodeSettings;
import org.agentchat.escrow.chain.Signer;
import org.agentchat.hooks.RetrySchedule;
import org.agentchat.schemas.escrow.EscrowContract;
import org.agentchat.schemas.identity.Identity;

/// How a hook moves money.
///
/// @param name of the hook
/// @param node where the chain is asked
/// @param contract the one that is served, and its chain
/// @param firstBlock where the contract was made, or any block before
/// @param finality when a block counts as one that stays
/// @param fees how much a transaction may offer
/// @param signers the keys that are held; their roles follow from the terms of each deal
/// @param observer who says in the log what happened on the chain, if this hook does
/// @param timeOuts whether time-outs are used that anybody may use
/// @param withdrawals whether credits of held accounts are taken
/// @param poll how often the chain is looked at
/// @param reconcile how often log and chain are compared
/// @param retries what comes after a failure
public record EvmSettings(
    String name,
    NodeSettings node,
    EscrowContract contract,
    long firstBlock,
    Finality finality,
    FeePolicy fees,
    List<Signer> signers,
    Optional<Identity> observer,
    boolean timeOuts,
    boolean withdrawals,
    Duration poll,
    Duration reconcile,
    RetrySchedule retries) {
  /// Keys of one hook: each has its transactions to be looked after.
  public static final int MAX_SIGNERS = 16;

  /// @throws IllegalArgumentException if a part is out of its range
  public EvmSettings {
    signers = List.copyOf(signers);
    if (signers.size() > MAX_SIGNERS) {
      throw new IllegalArgumentException(
          "at most %d keys, found %d".formatted(MAX_SIGNERS, signers.size()));
    }
    if (firstBlock < 0 || !poll.isPositive() || !reconcile.isPositive()) {
      throw new IllegalArgumentException("a first block of at least 0 and positive times wanted");
    }
  }

  Address address() {
    return new Address(contract.address().text());
  }
}
