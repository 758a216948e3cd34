package org.agentchat.hooks.evm;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.agentchat.escrow.chain.ChainException;
import org.agentchat.escrow.chain.EscrowClient;
import org.agentchat.escrow.chain.Hash;
import org.agentchat.escrow.contract.EscrowState;
import org.agentchat.ledger.Escrow;
import org.agentchat.ledger.Ledger;
import org.agentchat.ledger.Proposal;
import org.agentchat.schemas.escrow.EscrowContract;
import org.agentchat.schemas.escrow.EvmHash;

/// Compares what a log says of escrows with what their contract says.
public final class Reconciler {
  private final EscrowContract contract;
  private final EscrowClient escrow;

  /// @param contract the only one whose escrows are compared
  /// @param escrow the same, to be asked
  public Reconciler(EscrowContract contract, EscrowClient escrow) {
    this.contract = contract;
    this.escrow = escrow;
  }

  /// An escrow as the log has it.
  ///
  /// @param proposalId the deal
  /// @param escrow its name in the contract
  /// @param phase where it is
  public record Entry(String proposalId, EvmHash escrow, Escrow.Phase phase) {}

  /// The escrows of the contract that the fold remembers.
  public List<Entry> entries(Ledger ledger) {
    List<Entry> entries = new ArrayList<>();
    for (Proposal proposal : ledger.proposals()) {
      Escrow found = proposal.escrow();
      if (found != null && found.terms().escrowContract().equals(contract)) {
        entries.add(new Entry(proposal.id(), found.id(), found.phase()));
      }
    }
    return entries;
  }

  /// What is different after that block.
  public List<Difference> compare(List<Entry> entries, long block) throws ChainException {
    List<Difference> differences = new ArrayList<>();
    for (Entry entry : entries) {
      EscrowState state = escrow.status(new Hash(entry.escrow().text()), block).state();
      Optional<Difference.Kind> kind = Difference.kind(entry.phase(), state);
      kind.ifPresent(found ->
          differences.add(
              new Difference(entry.proposalId(), entry.escrow(), entry.phase(), state, found)));
    }
    return differences;
  }
}
