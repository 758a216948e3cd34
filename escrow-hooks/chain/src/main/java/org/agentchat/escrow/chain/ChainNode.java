package org.agentchat.escrow.chain;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/// The questions that we have for a node. Every answer comes within a bounded time or fails with a
/// [ChainException]; asking again changes nothing. For any number of threads.
public interface ChainNode {
  /// The chain's number (EIP-155).
  long chainId() throws ChainException;

  /// The newest block.
  Block head() throws ChainException;

  /// The block of that height on the node's chain, or empty if it has none.
  Optional<Block> block(long number) throws ChainException;

  /// The newest block that the chain calls final, or empty if it calls none so.
  Optional<Block> finalized() throws ChainException;

  /// The tip that the node suggests, wei for a unit of gas.
  BigInteger suggestedTip() throws ChainException;

  /// How many transactions of the account are in the chain up to that block.
  long nonceAt(Address account, long block) throws ChainException;

  /// How many transactions of the account are in the chain or waiting without a gap.
  long pendingNonce(Address account) throws ChainException;

  /// The account's native coin at that block, wei.
  BigInteger balanceAt(Address account, long block) throws ChainException;

  /// The bytes of a contract at the newest block, `0x` if there is none.
  String code(Address address) throws ChainException;

  /// What a call returns on the state after that block, `0x` and hexadecimal digits.
  ///
  /// @throws RevertedException if the contract refuses
  String call(Call call, long block) throws ChainException;

  /// How much gas a call needs now.
  ///
  /// @throws RevertedException if the contract refuses
  long estimateGas(Call call) throws ChainException;

  /// What became of a transaction, or empty while it is in no block.
  Optional<Receipt> receipt(Hash transaction) throws ChainException;

  /// Whether the node has that transaction, in a block or waiting.
  boolean knows(Hash transaction) throws ChainException;

  /// Hands over a signed transaction.
  ///
  /// @param raw its bytes, `0x` and hexadecimal digits
  /// @throws NodeRefusedException also when the node has it already: look, do not read the text
  void send(String raw) throws ChainException;

  /// What a contract reported in these blocks, in order.
  ///
  /// @param first the first block
  /// @param last the last block, at least the first
  List<ChainLog> logs(Address contract, long first, long last) throws ChainException;
}
