package org.agentchat.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.nio.file.Path;
import java.util.List;
import org.agentchat.log.LogFile;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// `ratings --recalculate`: folds a log and compares what comes out with what a ledger serves.
final class RecalculateRatings {
  private final LedgerApi ledger;
  private final @Nullable Path file;
  private final Output output;

  /// @param equal null when nothing was compared
  private record Result(
      long size,
      long receipts,
      RatingStats stats,
      String stateHash,
      @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable Boolean equal,
      String comparison,
      List<Rating> ratings) {}

  /// @param equal null when nothing was compared
  private record Comparison(@Nullable Boolean equal, String sentence) {}

  /// @param file the log; null: the ledger's own
  RecalculateRatings(LedgerApi ledger, @Nullable Path file, Output output) {
    this.ledger = ledger;
    this.file = file;
    this.output = output;
  }

  /// Prints what came out, and gives the exit code.
  ///
  /// @throws CommandFailure if the ledger serves something else
  int run() {
    return file == null ? served() : exported(file);
  }

  private int served() {
    JsonNode stats = ledger.stats();
    Recalculation fold = Recalculation.of(ledger::log, stats.path("size").asLong(0));
    return print(fold, compare(fold, stats));
  }

  private int exported(Path log) {
    Recalculation fold;
    try (LogFile source = LogFile.open(log)) {
      fold = Recalculation.of(source::read, source.size());
    }
    return print(fold, compareIfThere(fold));
  }

  private Comparison compareIfThere(Recalculation fold) {
    try {
      return compare(fold, ledger.stats());
    } catch (CommandFailure absent) {
      if (absent.exit() != Exit.UNREACHABLE) {
        throw absent;
      }
      return new Comparison(null, "Not compared: no ledger answers at " + ledger.url() + ".");
    }
  }

  private Comparison compare(Recalculation fold, JsonNode stats) {
    long size = stats.path("size").asLong(-1);
    if (size != fold.size()) {
      return new Comparison(
          null,
          "Not compared: the log given has %d entries, %s has read %d."
              .formatted(fold.size(), ledger.url(), size));
    }
    boolean equal = fold.stateHash().equals(stats.path("state_hash").asString(""));
    return new Comparison(
        equal,
        "%s what %s serves (%d entries, state hash %s)."
            .formatted(
                equal ? "Equal to" : "Different from", ledger.url(), size, fold.stateHash()));
  }

  private int print(Recalculation fold, Comparison comparison) {
    output.print(
        new Result(
            fold.size(),
            fold.receipts(),
            fold.stats(),
            fold.stateHash(),
            comparison.equal(),
            comparison.sentence(),
            fold.ratings()),
        fold.lines(comparison.sentence()));
    if (Boolean.FALSE.equals(comparison.equal())) {
      throw new CommandFailure(
          "DIFFERENCE",
          Exit.DIFFERENCE,
          "The ledger at %s does not serve what its log says; 'agentchat audit' names the first difference"
              .formatted(ledger.url()));
    }
    return Exit.OK;
  }
}
