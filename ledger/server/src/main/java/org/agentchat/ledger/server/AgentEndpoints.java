package org.agentchat.ledger.server;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.agentchat.database.SqlText;
import org.agentchat.schemas.identity.AgentId;
import org.agentchat.schemas.json.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.util.RawValue;

/// What is asked about agents.
final class AgentEndpoints {
  /// Under the name of any key that the agent has or had.
  private static final String ONE =
      "SELECT "
          + AgentAnswer.COLUMNS
          + " FROM agent WHERE first_id = (SELECT agent FROM agent_key WHERE id = ?)";

  private static final String REGISTERED =
      """
      SELECT id, registered, registered_at, registered_index FROM agent
      WHERE first_id = ? AND registered IS NOT NULL
      """;

  private static final String FROM =
      "SELECT " + AgentAnswer.COLUMNS + " FROM agent WHERE id >= ? ORDER BY id LIMIT ?";

  private static final String BEST =
      "SELECT "
          + AgentAnswer.COLUMNS
          + " FROM agent WHERE transactions > 0 ORDER BY rating DESC, id LIMIT ?";

  private static final String SKILLS =
      """
      SELECT agent.id, capability, skill.rating, skill.transactions, skill.updated_at
      FROM agent JOIN skill ON skill.agent = agent.first_id
      WHERE agent.id >= ? AND agent.id <= ? ORDER BY agent.id, capability
      """;

  /// All changes of an entry stay together: the limit counts entries.
  private static final String HISTORY =
      """
      SELECT entry_index, capability, proposal_id, at, old_rating, new_rating, change, transactions
      FROM rating_change
      WHERE agent = ? AND entry_index IN (
        SELECT DISTINCT entry_index FROM rating_change
        WHERE agent = ? AND entry_index >= ? ORDER BY entry_index LIMIT ?)
      ORDER BY entry_index, seq
      """;

  private record Ranked(
      int rank, String id, int rating, int transactions, @Nullable String updated) {}

  private record SkillOf(String agent, String capability, AgentAnswer.Skill skill) {}

  private record Change(
      long index,
      String proposalId,
      long at,
      int oldRating,
      int newRating,
      int change,
      int transactions,
      @Nullable String capability) {}

  private final Reads reads;

  AgentEndpoints(Reads reads) {
    this.reads = reads;
  }

  Answer one(Call call) throws SQLException {
    String asked = call.agent().toString();
    return reads.at((rows, size) -> {
      AgentAnswer agent = find(rows, asked);
      String id = agent.id();
      return Answer.json(
          agent.with(skills(rows, id, id).getOrDefault(id, none()), registered(rows, agent), size));
    });
  }

  /// The list, or JSON null when there is none.
  private static RawValue registered(Reads.Snapshot rows, AgentAnswer agent) throws SQLException {
    return rows.one(
            REGISTERED, parameters -> parameters.add(agent.firstId()), SkillEndpoint.ListOf::read)
        .map(list -> new RawValue(Json.text(list)))
        .orElse(new RawValue("null"));
  }

  /// @throws Problem when the log has not named the agent
  static AgentAnswer find(Reads.Snapshot rows, String id) throws SQLException {
    return rows.one(ONE, parameters -> parameters.add(id), AgentAnswer::read)
        .orElseThrow(() -> Problem.notFound("the log has not named an agent " + id));
  }

  Answer all(Call call) throws SQLException {
    String from = call.fromAgent().map(AgentId::toString).orElse("");
    int limit = call.limit();
    return reads.at((rows, size) -> {
      List<AgentAnswer> read =
          rows.list(FROM, parameters -> parameters.add(from).add(limit + 1), AgentAnswer::read);
      List<AgentAnswer> items = withSkills(rows, read.subList(0, Math.min(limit, read.size())));
      String next = items.size() < read.size() ? read.get(items.size()).id() : null;
      return Answer.json(new Page<>(size, items, next).named("agents"));
    });
  }

  /// The agents with their skills, or only the first when all skills were too many for one page.
  private static List<AgentAnswer> withSkills(Reads.Snapshot rows, List<AgentAnswer> agents)
      throws SQLException {
    if (agents.isEmpty()) {
      return agents;
    }
    String first = agents.getFirst().id();
    String last = agents.getLast().id();
    List<SkillOf> found =
        rows.list(
            SKILLS,
            parameters -> parameters.add(first).add(last),
            AgentEndpoints::skill,
            skill -> 40 + skill.capability().length());
    long chars = found.stream().mapToLong(skill -> 40 + skill.capability().length()).sum();
    if (chars > Reads.MAX_PAGE_CHARS && agents.size() > 1) {
      return withSkills(rows, agents.subList(0, 1));
    }
    Map<String, NavigableMap<String, AgentAnswer.Skill>> skills =
        agents.size() == 1 ? skills(rows, first, last) : byAgent(found);
    return agents.stream()
        .map(agent -> agent.with(skills.getOrDefault(agent.id(), none())))
        .toList();
  }

  private static Map<String, NavigableMap<String, AgentAnswer.Skill>> skills(
      Reads.Snapshot rows, String first, String last) throws SQLException {
    return byAgent(
        rows.list(SKILLS, parameters -> parameters.add(first).add(last), AgentEndpoints::skill));
  }

  private static Map<String, NavigableMap<String, AgentAnswer.Skill>> byAgent(List<SkillOf> found) {
    Map<String, NavigableMap<String, AgentAnswer.Skill>> skills = new HashMap<>();
    for (SkillOf one : found) {
      skills.computeIfAbsent(one.agent(), _ -> none()).put(one.capability(), one.skill());
    }
    return skills;
  }

  private static NavigableMap<String, AgentAnswer.Skill> none() {
    return new TreeMap<>();
  }

  private static SkillOf skill(ResultSet row) throws SQLException {
    return new SkillOf(
        row.getString("id"),
        SqlText.unescaped(row.getString("capability")),
        new AgentAnswer.Skill(
            row.getInt("rating"),
            row.getInt("transactions"),
            Instant.ofEpochMilli(row.getLong("updated_at")).toString()));
  }

  Answer history(Call call) throws SQLException {
    String asked = call.agent().toString();
    long from = call.fromIndex();
    int limit = call.limit();
    return reads.at((rows, size) -> {
      AgentAnswer agent = find(rows, asked);
      String first = agent.firstId();
      List<Change> read =
          rows.list(
              HISTORY,
              parameters -> parameters.add(first).add(first).add(from).add(limit + 1),
              AgentEndpoints::change);
      List<Long> indexes = read.stream().map(Change::index).distinct().toList();
      Long next = indexes.size() > limit ? indexes.get(limit) : null;
      List<Change> items =
          read.stream().filter(change -> next == null || change.index() < next).toList();
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("id", agent.id());
      json.putAll(new Page<>(size, items, next).named("changes"));
      return Answer.json(json);
    });
  }

  private static Change change(ResultSet row) throws SQLException {
    return new Change(
        row.getLong("entry_index"),
        row.getString("proposal_id"),
        row.getLong("at"),
        row.getInt("old_rating"),
        row.getInt("new_rating"),
        row.getInt("change"),
        row.getInt("transactions"),
        SqlText.unescape(row.getString("capability")));
  }

  Answer leaderboard(Call call) throws SQLException {
    int limit = call.limit();
    return reads.at((rows, size) -> {
      List<AgentAnswer> best =
          rows.list(BEST, parameters -> parameters.add(limit), AgentAnswer::read);
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("size", size);
      json.put("agents", ranked(best));
      return Answer.json(json);
    });
  }

  private static List<Ranked> ranked(List<AgentAnswer> best) {
    return IntStream.range(0, best.size())
        .mapToObj(i -> {
          AgentAnswer agent = best.get(i);
          return new Ranked(
              i + 1, agent.id(), agent.rating(), agent.transactions(), agent.updated());
        })
        .toList();
  }
}
