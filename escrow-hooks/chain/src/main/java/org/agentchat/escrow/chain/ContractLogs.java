package org.agentchat.escrow.chain;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads what a contract reported in blocks that are final, a bounded number of blocks at a time.
public final class ContractLogs {
  /// Blocks in one question. A node that allows fewer refuses, and the range is halved.
  static final int MAX_BLOCKS = 2_000;

  private static final Logger LOG = LoggerFactory.getLogger(ContractLogs.class);

  private final ChainNode node;
  private final Address contract;
  private final long firstBlock;
  private final int maxBlocks;
  private int range;

  /// @param firstBlock where the contract was made, or any block before
  public ContractLogs(ChainNode node, Address contract, long firstBlock) {
    this(node, contract, firstBlock, MAX_BLOCKS);
  }

  ContractLogs(ChainNode node, Address contract, long firstBlock, int maxBlocks) {
    this.node = node;
    this.contract = contract;
    this.firstBlock = firstBlock;
    this.maxBlocks = maxBlocks;
    this.range = maxBlocks;
  }

  /// Some blocks' reports.
  ///
  /// @param logs in the chain's order
  /// @param upTo the last block that was read: the cursor for the next part
  /// @param restarted the chain is not the one that was read before, so everything is read again
  public record Part(List<ChainLog> logs, BlockRef upTo, boolean restarted) {
    /// Copies the list.
    public Part {
      logs = List.copyOf(logs);
    }
  }

  /// The next part after the cursor, or empty when all final blocks were read.
  ///
  /// @param finalNumber the newest height that counts as final
  public Optional<Part> next(Optional<BlockRef> cursor, long finalNumber) throws ChainException {
    boolean restarted = cursor.isPresent() && !isThere(cursor.get());
    long first = cursor.isEmpty() || restarted ? firstBlock : cursor.get().number() + 1;
    if (first > finalNumber) {
      return Optional.empty();
    }
    long last = Math.min(finalNumber, first + range - 1);
    BlockRef end = block(last);
    Optional<List<ChainLog>> logs = logs(first, last);
    if (logs.isEmpty()) {
      return next(cursor, finalNumber);
    }
    requireSameChain(logs.get(), end);
    return Optional.of(new Part(logs.get(), end, restarted));
  }

  private boolean isThere(BlockRef cursor) throws ChainException {
    boolean there = node.block(cursor.number()).map(Block::ref).filter(cursor::equals).isPresent();
    if (!there) {
      LOG.error(
          "block {} was final and is gone: the reports of {} are read again from block {}, and"
              + " finality should be deeper",
          cursor,
          contract,
          firstBlock);
    }
    return there;
  }

  private BlockRef block(long number) throws ChainException {
    return node.block(number)
        .map(Block::ref)
        .orElseThrow(() ->
            new GarbledAnswerException("the node has no block " + number + " below its head"));
  }

  /// Empty when the node refused and a smaller range is to be tried.
  private Optional<List<ChainLog>> logs(long first, long last) throws ChainException {
    try {
      List<ChainLog> logs = node.logs(contract, first, last);
      range = Math.min(maxBlocks, range + range / 8 + 1);
      return Optional.of(logs);
    } catch (NodeRefusedException | GarbledAnswerException e) {
      if (first == last) {
        throw e;
      }
      range = (int) Math.max(1, (last - first + 1) / 2);
      return Optional.empty();
    }
  }

  /// Each block that reports something must be the chain's own, and the last one still be there.
  private void requireSameChain(List<ChainLog> logs, BlockRef end) throws ChainException {
    List<BlockRef> checked = new ArrayList<>();
    for (ChainLog log : logs) {
      if (checked.isEmpty() || !checked.getLast().equals(log.block())) {
        requireThere(log.block());
        checked.add(log.block());
      }
    }
    requireThere(end);
  }

  private void requireThere(BlockRef ref) throws ChainException {
    if (!block(ref.number()).equals(ref)) {
      throw new GarbledAnswerException(
          "the node reports something in block %s, which is not on its chain".formatted(ref));
    }
  }
}
