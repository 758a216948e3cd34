package org.agentchat.cli;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import org.agentchat.escrow.chain.Address;
import org.agentchat.escrow.chain.ChainException;
import org.agentchat.escrow.chain.EscrowClient;
import org.agentchat.escrow.chain.Inclusion;
import org.agentchat.escrow.contract.EscrowCall;
import org.agentchat.escrow.contract.EscrowState;
import org.agentchat.hooks.evm.Deal;
import org.agentchat.schemas.escrow.EvmAddress;

/// One call for a deal's escrow, made and told.
final class EscrowMove {
  private final EscrowDeals.Found found;
  private final ChainSession session;
  private final EscrowClient escrow;
  private final Output output;

  EscrowMove(EscrowDeals.Found found, ChainSession session, Output output) {
    this.found = found;
    this.session = session;
    this.escrow = EscrowDealOptions.client(found, session.node());
    this.output = output;
  }

  private record Moved(
      @JsonProperty("proposal_id") String proposalId,
      @JsonProperty("escrow_id") String escrowId,
      String state,
      String tx,
      @JsonProperty("block_number") long blockNumber,
      @JsonProperty("block_hash") String blockHash) {}

  EscrowClient escrow() {
    return escrow;
  }

  /// Says before the contract does, and in other words, who could.
  ///
  /// @throws CommandFailure if the key is none of these accounts'
  void requireRole(String role, EvmAddress... accounts) {
    Address own = session.signer().address();
    if (List.of(accounts).stream().map(Deal::address).noneMatch(own::equals)) {
      throw new CommandFailure(
          "NOT_ALLOWED",
          Exit.CONTRACT_REFUSED,
          "%s is not the deal's %s (%s)"
              .formatted(
                  own.checksummed(),
                  role,
                  String.join(
                      ", ",
                      List.of(accounts).stream()
                          .filter(account -> !account.isZero())
                          .map(account -> Deal.address(account).checksummed())
                          .toList())));
    }
  }

  /// Brings the call into the chain and prints where the escrow is then.
  ///
  /// @param step names the call among those of its escrow
  void make(String step, EscrowCall call)
      throws ChainException, SQLException, InterruptedException {
    Inclusion done =
        session.bring(
            EscrowDealOptions.request(found, escrow, call, step, session.signer().address()));
    long head = session.node().head().ref().number();
    EscrowState state = escrow.status(found.deal().id(), head).state();
    print(
        new Moved(
            found.deal().proposalId(),
            found.deal().id().hex(),
            state.name().toLowerCase(Locale.ROOT),
            done.attempt().hex(),
            done.block().number(),
            done.block().hash().hex()));
  }

  private void print(Moved moved) {
    output.print(
        moved,
        List.of(
            "Escrow of " + moved.proposalId() + " is " + moved.state() + ":",
            "  Escrow: " + moved.escrowId(),
            "  Transaction: " + moved.tx(),
            "  Block: " + moved.blockNumber()));
  }
}
