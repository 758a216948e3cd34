package org.agentchat.hooks.evm;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.agentchat.escrow.chain.ChainException;
import org.agentchat.schemas.escrow.EvmHash;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Compares log and chain in rounds, a bounded part of a round at each look, so that transactions
/// need not wait for thousands of questions. The chain is right: what only the log lacks, and what
/// this hook is to say, is read again; everything else is told.
final class Comparison {
  /// Escrows of one look: each is a question to the node.
  static final int MAX_PART = 50;

  private static final Logger log = LoggerFactory.getLogger(Comparison.class);

  private final String hook;
  private final Duration every;
  private final Supplier<List<Reconciler.Entry>> entries;
  private final Question chain;
  private final Reader reader;

  /// What of the round was not compared yet.
  private final Queue<EvmHash> left = new ArrayDeque<>();

  private final List<Difference> found = new ArrayList<>();
  private List<Difference> before = List.of();

  /// Differences for which the chain was read again already.
  private final Set<Difference> readFor = new HashSet<>();

  private boolean begun;
  private long begunAt;

  /// Asks the chain about escrows, see [Reconciler#compare].
  @FunctionalInterface
  interface Question {
    List<Difference> compare(List<Reconciler.Entry> entries, long block) throws ChainException;
  }

  /// Who reads the contract's reports.
  interface Reader {
    /// Up to which block everything was read and said, if that is as far as it goes now.
    OptionalLong caughtUpTo();

    /// Whether what happens to a deal's money is for this hook to say.
    boolean observes(String proposalId);

    /// Begins with the first block again.
    void readAgain();
  }

  /// @param every from the beginning of one round to that of the next
  /// @param entries of the log as it is now
  Comparison(
      String hook,
      Duration every,
      Supplier<List<Reconciler.Entry>> entries,
      Question chain,
      Reader reader) {
    this.hook = hook;
    this.every = every;
    this.entries = entries;
    this.chain = chain;
    this.reader = reader;
  }

  /// Compares a part, when it is time.
  ///
  /// @param finalNumber the newest height that counts as final
  /// @throws ChainException when the node does not answer; the round goes on without this part
  void look(long finalNumber) throws ChainException {
    if (!isUnderWay()) {
      return;
    }
    List<Reconciler.Entry> part = part();
    // What the reader has not come to yet is no difference.
    found.addAll(chain.compare(part, reader.caughtUpTo().orElse(finalNumber)));
    if (left.isEmpty()) {
      conclude();
    }
  }

  private boolean isUnderWay() {
    long now = System.nanoTime();
    if (!left.isEmpty()) {
      return true;
    }
    if (begun && now - begunAt < every.toNanos()) {
      return false;
    }
    begun = true;
    begunAt = now;
    found.clear();
    entries.get().forEach(entry -> left.add(entry.escrow()));
    return true;
  }

  /// The next escrows, as the log has them now.
  private List<Reconciler.Entry> part() {
    Set<EvmHash> escrows = new HashSet<>();
    while (escrows.size() < MAX_PART && !left.isEmpty()) {
      escrows.add(left.remove());
    }
    return entries.get().stream().filter(entry -> escrows.contains(entry.escrow())).toList();
  }

  /// A difference is told when it was there in the round before: an observer may need a moment.
  private void conclude() {
    List<Difference> now = List.copyOf(found);
    now.stream()
        .filter(before::contains)
        .forEach(each -> log.warn("hook {}: log and chain differ: {}", hook, each.sentence()));
    before = now;
    readFor.retainAll(now);
    Set<Difference> missing = missing(now);
    if (reader.caughtUpTo().isPresent() && !readFor.containsAll(missing)) {
      readFor.addAll(missing);
      reader.readAgain();
    }
  }

  /// What this hook should have said, and has not said meanwhile.
  private Set<Difference> missing(List<Difference> differences) {
    List<Difference> ours =
        differences.stream()
            .filter(Difference::isMissingInLog)
            .filter(each -> reader.observes(each.proposalId()))
            .toList();
    if (ours.isEmpty()) {
      return Set.of();
    }
    Set<Reconciler.Entry> current = new HashSet<>(entries.get());
    return ours.stream()
        .filter(each ->
            current.contains(new Reconciler.Entry(each.proposalId(), each.escrow(), each.phase())))
        .collect(Collectors.toSet());
  }
}
