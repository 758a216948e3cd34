package org.agentchat.cli;

import java.util.Collection;
import java.util.IntSummaryStatistics;
import java.util.List;
import org.agentchat.ledger.Elo;
import tools.jackson.databind.JsonNode;

/// Ratings in numbers, over the agents with at least one finished deal.
///
/// @param totalTransactions of all agents together
record RatingStats(
    long totalAgents,
    long totalTransactions,
    long averageRating,
    int highestRating,
    int lowestRating,
    int defaultRating) {

  /// What a ledger answers to `/v1/stats`; without any rating it has nulls.
  static RatingStats of(JsonNode stats) {
    return new RatingStats(
        stats.path("agents").asLong(0),
        stats.path("transactions").asLong(0),
        stats.path("average_rating").asLong(Elo.DEFAULT_RATING),
        stats.path("highest_rating").asInt(Elo.DEFAULT_RATING),
        stats.path("lowest_rating").asInt(Elo.DEFAULT_RATING),
        Elo.DEFAULT_RATING);
  }

  static RatingStats of(Collection<Rating> ratings) {
    if (ratings.isEmpty()) {
      int none = Elo.DEFAULT_RATING;
      return new RatingStats(0, 0, none, none, none, none);
    }
    IntSummaryStatistics summary = ratings.stream().mapToInt(Rating::rating).summaryStatistics();
    return new RatingStats(
        summary.getCount(),
        ratings.stream().mapToLong(Rating::transactions).sum(),
        StrictMath.round(summary.getAverage()),
        summary.getMax(),
        summary.getMin(),
        Elo.DEFAULT_RATING);
  }

  /// @param source where the ratings are from, as a line
  List<String> lines(String source) {
    return """
    Rating System Statistics:
      Total agents: %d
      Total transactions: %d
      Average rating: %d
      Highest rating: %d
      Lowest rating: %d
      Default rating: %d

    %s\
    """
        .formatted(
            totalAgents,
            totalTransactions,
            averageRating,
            highestRating,
            lowestRating,
            defaultRating,
            source)
        .lines()
        .toList();
  }
}
