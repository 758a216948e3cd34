package org.agentchat.hooks.evm;

import java.util.List;
import java.util.Optional;
import org.agentchat.escrow.chain.ChainException;
import org.agentchat.escrow.chain.ChainNode;
import org.agentchat.escrow.chain.ContractWallet;
import org.agentchat.escrow.chain.Hash;
import org.agentchat.log.LogRecord;
import org.agentchat.log.LogSource;
import org.agentchat.schemas.event.Event;
import org.agentchat.schemas.event.EventCodec;
import org.agentchat.schemas.event.MalformedEventException;
import org.agentchat.schemas.statement.EscrowStatement;

/// Asks wallets that are contracts whether they are whose they are said to be (ERC-1271): the log
/// alone cannot tell. Before money is locked, and never later, for the terms then name them
/// already.
public final class WalletCheck {
  private final ChainNode node;
  private final LogSource log;

  /// @param log in which the wallets were bound
  public WalletCheck(ChainNode node, LogSource log) {
    this.node = node;
    this.log = log;
  }

  /// What is wrong with a wallet of the deal, in a sentence, or empty when each is a key's own or
  /// confirms its binding now.
  public Optional<String> problem(Deal deal) throws ChainException {
    long head = node.head().ref().number();
    for (Deal.Binding binding : List.of(deal.payer(), deal.payee())) {
      if (binding.claimed() && !isAgreed(binding.index(), head)) {
        return Optional.of(
            "the wallet that entry %d binds does not confirm it (ERC-1271): no money is locked"
                .formatted(binding.index()));
      }
    }
    return Optional.empty();
  }

  private boolean isAgreed(long index, long head) throws ChainException {
    List<LogRecord> found = log.read(index, 1);
    try {
      if (!found.isEmpty()
          && EventCodec.decode(found.getFirst().value()) instanceof Event.Stated stated
          && stated.signed().statement() instanceof EscrowStatement.WalletBind bind) {
        Hash digest = Hash.of(bind.binding(stated.signed().key()).digest());
        return ContractWallet.signed(
            node, Deal.address(bind.account().address()), digest, bind.evmSignature().raw(), head);
      }
    } catch (MalformedEventException e) {
      throw new IllegalStateException("entry " + index + " was applied and cannot be read", e);
    }
    throw new IllegalStateException("entry " + index + " was applied and binds no wallet");
  }
}
