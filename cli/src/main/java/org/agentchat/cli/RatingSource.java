package org.agentchat.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.json.Json;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Where ratings are read from.
sealed interface RatingSource {
  /// Where this is, as a line for people.
  String label();

  /// An agent's rating; that of a new agent when nothing is known of it.
  Rating of(AgentId agent);

  /// Agents with at least one deal, best first.
  List<Rating> best(int limit);

  /// Agents with at least one deal.
  List<Rating> all();

  RatingStats stats();

  /// What a ledger serves.
  record Served(LedgerApi ledger) implements RatingSource {
    @Override
    public String label() {
      return "Ledger: " + ledger.url();
    }

    @Override
    public Rating of(AgentId agent) {
      return ledger
          .agent(agent)
          .map(json -> Rating.of(agent, json))
          .orElseGet(() -> Rating.unrated(agent));
    }

    @Override
    public List<Rating> best(int limit) {
      return ledger.leaderboard(limit).stream().map(Served::rating).toList();
    }

    @Override
    public List<Rating> all() {
      return ledger.agents(Served::rating).stream().filter(rating -> !rating.isNew()).toList();
    }

    @Override
    public RatingStats stats() {
      return RatingStats.of(ledger.stats());
    }

    private static Rating rating(JsonNode agent) {
      return Rating.of(AgentId.of(agent.path("id").asString("")), agent);
    }
  }

  /// A `ratings.json` as existing tools keep it, or as `ratings --export` prints it.
  record Stored(Path file, List<Rating> all) implements RatingSource {
    public Stored {
      all = List.copyOf(all);
    }

    static Stored read(Path file) {
      try {
        JsonNode json = Json.parse(Files.readAllBytes(file));
        return new Stored(file, json.properties().stream().map(Stored::rating).toList());
      } catch (IOException e) {
        throw new CommandFailure(
            "RATINGS_FILE", Exit.FAILED, "Cannot read the ratings file " + file, e);
      } catch (JacksonException | IllegalArgumentException e) {
        throw new CommandFailure(
            "RATINGS_FILE",
            Exit.FAILED,
            file + " is not a ratings file: one JSON object of agents wanted, by @id",
            e);
      }
    }

    private static Rating rating(Map.Entry<String, JsonNode> entry) {
      return Rating.of(AgentId.of(entry.getKey()), entry.getValue());
    }

    @Override
    public String label() {
      return "Ratings file: " + file;
    }

    @Override
    public Rating of(AgentId agent) {
      return all.stream()
          .filter(rating -> rating.agent().equals(agent))
          .findFirst()
          .orElseGet(() -> Rating.unrated(agent));
    }

    @Override
    public List<Rating> best(int limit) {
      return all.stream()
          .sorted(Comparator.comparingInt(Rating::rating).reversed())
          .limit(limit)
          .toList();
    }

    @Override
    public RatingStats stats() {
      return RatingStats.of(all);
    }
  }
}
