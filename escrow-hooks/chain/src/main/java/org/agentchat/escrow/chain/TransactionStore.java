package org.agentchat.escrow.chain;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/// What was wanted of one chain, what was signed for it, and what became of it, kept so that no
/// crash loses or repeats any of it. Every method is one transaction. For any number of threads.
public interface TransactionStore {
  /// Makes the signed bytes for a nonce.
  @FunctionalInterface
  interface Signing {
    Attempt sign(long nonce);
  }

  /// Records a wish. A key that is there already is the same wish, whatever else it says, unless it
  /// ended with its nonce taken by a stranger ([Stage.Replaced]): then it is tried anew.
  ///
  /// @return the newest generation
  Tracked plan(Request request) throws SQLException;

  /// Records another try of a wish that the contract had refused; does nothing unless it was.
  ///
  /// @return the newest generation
  Tracked planAgain(Request request) throws SQLException;

  /// Records a wish that was fulfilled once and is wanted once more; does nothing if somebody did
  /// that already.
  ///
  /// @param over the generation after which it is wanted
  /// @return the newest generation
  Tracked planAfter(Tracked over, Request request) throws SQLException;

  /// Takes a wish back that nothing was signed for; does nothing if something was.
  ///
  /// @return whether it is taken back
  boolean cancel(Tracked planned) throws SQLException;

  /// The newest generation of a wish.
  Optional<Tracked> find(String key) throws SQLException;

  /// What is not over, signed requests by their nonces first, then planned ones in their order.
  List<Tracked> underWay(Address sender) throws SQLException;

  /// Gives a planned request the next nonce and stores the signed bytes, in one transaction.
  ///
  /// @param planned at the stage [Stage.Planned]
  /// @param mined the sender's transactions in the chain
  /// @param pending those and the ones that wait at the node without a gap
  /// @throws SQLException also when somebody else changed it meanwhile
  Tracked sign(Tracked planned, long mined, long pending, Signing signing) throws SQLException;

  /// Moves a request on.
  ///
  /// @throws SQLException also when somebody else changed it meanwhile
  Tracked save(Tracked before, Stage after) throws SQLException;

  /// The sender's nonces: what was given away, and which are of requests that may still matter.
  Nonces nonces(Address sender, long mined, long pending) throws SQLException;

  /// Takes back that anything was over for good whose nonce is at least this: the chain went back
  /// further than it should. What was final, or refused in a block, is [Stage.Sent] again.
  ///
  /// @return these, as they were before
  List<Tracked> reopen(Address sender, long nonce) throws SQLException;

  /// The chain's first block, as it was when the store was first used; recorded if it is the first
  /// use.
  Hash genesis(Hash found) throws SQLException;

  /// Up to which final block a contract's reports were read.
  Optional<BlockRef> cursor(Address contract) throws SQLException;
}
