package org.agentchat.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.json.Json;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
    name = "ratings",
    description = "View ELO-based reputation ratings, and make them anew from the log.",
    mixinStandardHelpOptions = true)
final class RatingsCommand implements Callable<Integer> {
  private static final String DEFAULT_LEADERS = "10";
  private static final int MAX_LEADERS = 1_000;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "<agent>",
      description = "Whose rating, @id; without it our own.")
  private @Nullable AgentId agent;

  @Option(
      names = {"-i", "--identity"},
      paramLabel = "<file>",
      description = "Our identity (default: identity.json in --home).")
  private @Nullable Path identity;

  @Option(
      names = "--file",
      paramLabel = "<file>",
      description = "Read a ratings.json instead of asking the ledger.")
  private @Nullable Path file;

  @Option(
      names = {"-e", "--export"},
      description = "Print all ratings in the form of a ratings.json.")
  private boolean export;

  @Option(
      names = {"-r", "--recalculate"},
      description = "Fold the ledger's log anew and compare with what the ledger serves.")
  private boolean recalculate;

  @Option(
      names = "--log",
      paramLabel = "<file>",
      description = "With --recalculate: the log in a file, as 'agentchat log export' writes it.")
  private @Nullable Path log;

  @Option(
      names = {"-l", "--leaderboard"},
      arity = "0..1",
      fallbackValue = DEFAULT_LEADERS,
      paramLabel = "<n>",
      description = "The best agents, " + DEFAULT_LEADERS + " without a number.")
  private @Nullable Integer leaders;

  @Option(
      names = {"-s", "--stats"},
      description = "All ratings in numbers.")
  private boolean stats;

  @Option(
      names = "--certificate",
      description = {
        "Print the rating with its proof: a file that 'agentchat verify' checks offline.",
        "The ledger has to have committed to its ratings, which it does every minute."
      })
  private boolean certificate;

  @Option(
      names = "--history",
      description = {
        "Print the rating with its proof and every entry of the log that names the agent, with"
            + " theirs:",
        "a file in which 'agentchat verify' sees, offline, when anything was left out."
      })
  private boolean history;

  @Mixin private LedgerOption ledger;
  @Mixin private HomeFolder home;
  @Mixin private Output output;

  /// When several things are asked for, the first of this order is answered, as existing tools do.
  @Override
  public Integer call() {
    if (export) {
      export();
    } else if (recalculate) {
      return new RecalculateRatings(ledger.api(output), log, output).run();
    } else if (leaders != null) {
      leaderboard(leaders);
    } else if (stats) {
      stats();
    } else if (history) {
      AgentId who = agent != null ? agent : self();
      new HistoryExport(ledger.api(output), output.out()).write(who);
    } else if (certificate) {
      certify(agent != null ? agent : self());
    } else if (agent != null) {
      one(agent, "Rating for " + agent);
    } else {
      AgentId self = self();
      one(self, "Your rating (" + self + ")");
    }
    return Exit.OK;
  }

  private AgentId self() {
    return PublicIdentity.read(identity == null ? home.identity() : identity, "-i").id();
  }

  private void certify(AgentId who) {
    JsonNode file = ledger.api(output).certificate(who);
    output.out().println(Json.pretty(file));
    output.out().flush();
  }

  private RatingSource source() {
    return file == null
        ? new RatingSource.Served(ledger.api(output))
        : RatingSource.Stored.read(file);
  }

  private void export() {
    Map<String, Rating.Entry> ratings = new LinkedHashMap<>();
    source().all().forEach(rating -> ratings.put(rating.agent().toString(), rating.entry()));
    output.print(ratings, List.of(PrettyJson.of(ratings)));
  }

  private void leaderboard(int limit) {
    if (limit < 1 || limit > MAX_LEADERS) {
      throw output.usage("--leaderboard takes 1 to %d, not %d".formatted(MAX_LEADERS, limit));
    }
    List<Rating> best = source().best(limit);
    output.print(best, leaderboardLines(best));
  }

  private static List<String> leaderboardLines(List<Rating> best) {
    if (best.isEmpty()) {
      return List.of("No ratings recorded yet.");
    }
    List<String> lines = new ArrayList<>();
    lines.add("Top " + best.size() + " agents by rating:");
    lines.add("");
    for (Rating rating : best) {
      lines.add("  %d. %s".formatted(lines.size() / 2, rating.agent()));
      lines.add(
          "     Rating: %d | Transactions: %d".formatted(rating.rating(), rating.transactions()));
    }
    return lines;
  }

  private void stats() {
    RatingSource source = source();
    RatingStats numbers = source.stats();
    output.print(numbers, numbers.lines(source.label()));
  }

  private void one(AgentId who, String heading) {
    Rating rating = source().of(who);
    output.print(rating, rating.lines(heading));
  }
}
