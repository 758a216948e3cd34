package org.agentchat.ledger.server;

import java.util.IntSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.agentchat.ledger.Account;
import org.agentchat.ledger.Elo;
import org.agentchat.ledger.Ledger;
import org.jspecify.annotations.Nullable;

/// The whole ledger in numbers, all of them at one size of the log.
///
/// @param clock the log's clock, milliseconds since 1970
/// @param agents with at least one finished deal
/// @param agentsKnown every agent that the log has named
/// @param transactions of all agents together: two for a deal that moved both ratings
/// @param averageRating of the agents with a finished deal, rounded; null when there is none
/// @param proposals by status
/// @param escrows by phase
record Stats(
    @Nullable String origin,
    long size,
    String rootHash,
    String stateHash,
    long clock,
    long agents,
    long agentsKnown,
    long transactions,
    @Nullable Long averageRating,
    @Nullable Integer highestRating,
    @Nullable Integer lowestRating,
    int defaultRating,
    Map<String, Long> proposals,
    Map<String, Long> escrows,
    long receipts) {

  static Stats of(Ledger ledger, Tally tally) {
    List<Account> accounts = ledger.accounts();
    IntSummaryStatistics ratings =
        accounts.stream()
            .filter(account -> account.transactions() > 0)
            .mapToInt(Account::rating)
            .summaryStatistics();
    boolean rated = ratings.getCount() > 0;
    Map<String, Long> proposals = new LinkedHashMap<>();
    tally.proposals().forEach((status, count) -> proposals.put(status.word(), count));
    Map<String, Long> escrows = new LinkedHashMap<>();
    tally.escrows().forEach((phase, count) -> escrows.put(phase.word(), count));
    return new Stats(
        ledger.origin().orElse(null),
        ledger.size(),
        ledger.rootHash(),
        ledger.stateHash(),
        ledger.clock(),
        ratings.getCount(),
        accounts.size(),
        accounts.stream().mapToLong(Account::transactions).sum(),
        rated ? rounded(ratings.getSum(), ratings.getCount()) : null,
        rated ? ratings.getMax() : null,
        rated ? ratings.getMin() : null,
        Elo.DEFAULT_RATING,
        proposals,
        escrows,
        tally.receipts());
  }

  /// Half up, in whole numbers.
  private static long rounded(long sum, long count) {
    return Math.floorDiv(2 * sum + count, 2 * count);
  }
}
