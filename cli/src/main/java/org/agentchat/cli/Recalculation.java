package org.agentchat.cli;

import java.util.ArrayList;
import java.util.List;
import org.agentchat.ledger.Account;
import org.agentchat.ledger.Applied;
import org.agentchat.ledger.Effect;
import org.agentchat.ledger.Entry;
import org.agentchat.ledger.EntryReader;
import org.agentchat.ledger.Ledger;
import org.agentchat.ledger.VerifiedEvents;
import org.agentchat.log.LogRecord;
import org.agentchat.schemas.identity.Ed25519Verifier;

/// Ratings made anew from the log, every signature verified. Time is the log's, so what counted
/// when it happened counts here, whenever this runs.
///
/// @param size entries folded
/// @param receipts deals finished among them
/// @param stats of the ratings that came out
/// @param stateHash of the ledger's whole state
record Recalculation(
    long size, long receipts, List<Rating> ratings, RatingStats stats, String stateHash) {
  private static final int PAGE = 1_000;

  Recalculation {
    ratings = List.copyOf(ratings);
  }

  /// Gives records from an index on: one at least, unless the log ends there.
  @FunctionalInterface
  interface Pages {
    List<LogRecord> read(long from, int limit);
  }

  /// Folds the first entries of a log.
  ///
  /// @throws CommandFailure if they are not all there
  static Recalculation of(Pages log, long size) {
    EntryReader reader = new EntryReader(new Ed25519Verifier(), new VerifiedEvents());
    Ledger ledger = new Ledger();
    long receipts = 0;
    while (ledger.size() < size) {
      int limit = (int) Math.min(PAGE, size - ledger.size());
      for (Entry entry : read(log, reader, ledger.size(), limit)) {
        receipts += issued(ledger.apply(entry));
      }
    }
    List<Rating> ratings = ledger.leaderboard().map(Recalculation::rating).toList();
    return new Recalculation(size, receipts, ratings, RatingStats.of(ratings), ledger.stateHash());
  }

  private static List<Entry> read(Pages log, EntryReader reader, long from, int limit) {
    List<LogRecord> page = log.read(from, limit);
    if (page.isEmpty() || page.getFirst().index() != from) {
      throw new CommandFailure(
          "LOG",
          Exit.FAILED,
          "The log has no entry " + from + "; ask its operator what became of it");
    }
    // Signatures cost the most and depend on nothing, so all cores share them.
    return page.subList(0, Math.min(limit, page.size())).parallelStream()
        .map(record -> reader.read(record.index(), record.value()))
        .toList();
  }

  private static long issued(Applied applied) {
    return applied.effects().stream().filter(Effect.ReceiptIssued.class::isInstance).count();
  }

  private static Rating rating(Account account) {
    return new Rating(
        account.id(),
        account.rating(),
        account.transactions(),
        IsoTime.of(account.updatedAt()),
        account.kFactor(),
        false,
        null);
  }

  /// @param comparison what the comparison with a ledger said
  List<String> lines(String comparison) {
    List<String> lines = new ArrayList<>();
    lines.add("Recalculating ratings from receipt history...");
    lines.add("Processed %d receipts, updated %d agents.".formatted(receipts, stats.totalAgents()));
    lines.add("");
    lines.add("Rating Statistics:");
    lines.add("  Total agents: " + stats.totalAgents());
    lines.add("  Average rating: " + stats.averageRating());
    lines.add("  Highest: " + stats.highestRating());
    lines.add("  Lowest: " + stats.lowestRating());
    lines.add("");
    lines.add(comparison);
    return lines;
  }
}
