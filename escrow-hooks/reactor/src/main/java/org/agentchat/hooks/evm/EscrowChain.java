package org.agentchat.hooks.evm;

import java.math.BigInteger;
import java.util.Optional;
import org.agentchat.escrow.chain.Address;
import org.agentchat.escrow.chain.Block;
import org.agentchat.escrow.chain.ChainException;
import org.agentchat.escrow.chain.ChainNode;
import org.agentchat.escrow.chain.EscrowClient;
import org.agentchat.escrow.chain.Hash;
import org.agentchat.escrow.chain.Transactor;

/// The contract as a hook sees it: now, and at the newest block that stays.
final class EscrowChain {
  private final ChainNode node;
  private final EscrowClient escrow;
  private final Transactor transactor;
  private final long firstBlock;

  /// @param firstBlock before it the contract is not asked
  EscrowChain(ChainNode node, EscrowClient escrow, Transactor transactor, long firstBlock) {
    this.node = node;
    this.escrow = escrow;
    this.transactor = transactor;
    this.firstBlock = firstBlock;
  }

  /// What an errand is judged by.
  ///
  /// @param head the height of what is seen now
  /// @param last the newest block that stays; absent when there is none yet
  record Sights(long head, Course.Sight now, Optional<Course.Sight> last) {}

  Sights look(Errand errand) throws ChainException {
    Block head = node.head();
    Course.Sight now = sight(errand, head);
    Optional<Block> last = last(head);
    Optional<Course.Sight> stays =
        last.isEmpty() ? Optional.empty() : Optional.of(sight(errand, last.get()));
    return new Sights(head.ref().number(), now, stays);
  }

  private Optional<Block> last(Block head) throws ChainException {
    long finalNumber = transactor.finalNumber(head.ref());
    if (finalNumber < firstBlock) {
      return Optional.empty();
    }
    return finalNumber == head.ref().number() ? Optional.of(head) : node.block(finalNumber);
  }

  private Course.Sight sight(Errand errand, Block block) throws ChainException {
    long number = block.ref().number();
    Address token = Deal.address(errand.deal().terms().token());
    BigInteger credit =
        errand.goal() instanceof Goal.Withdraw
            ? escrow.credit(token, errand.by(), number)
            : BigInteger.ZERO;
    Hash id = errand.deal().id();
    return new Course.Sight(escrow.status(id, number), credit, block.time());
  }
}
