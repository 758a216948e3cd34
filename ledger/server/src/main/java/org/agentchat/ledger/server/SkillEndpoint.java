package org.agentchat.ledger.server;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.agentchat.schemas.identity.AgentId;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.util.RawValue;

/// What is asked about the skills that agents have registered.
final class SkillEndpoint {
  /// Nobody can make a deal with an agent whose key was revoked.
  private static final String LISTS =
      """
      SELECT id, registered, registered_at, registered_index FROM agent
      WHERE registered IS NOT NULL AND revoked = 0 AND id >= ? ORDER BY id LIMIT ?
      """;

  /// An agent's list as it is served.
  ///
  /// @param skills as the agent signed them
  /// @param registeredAt log time, milliseconds since 1970
  /// @param index of the entry that says so
  record ListOf(String agent, RawValue skills, long registeredAt, long index) {
    static ListOf read(ResultSet row) throws SQLException {
      return new ListOf(
          row.getString("id"),
          new RawValue(row.getString("registered")),
          row.getLong("registered_at"),
          row.getLong("registered_index"));
    }

    long chars() {
      return 100L + String.valueOf(skills.rawValue()).length();
    }
  }

  private final Reads reads;

  SkillEndpoint(Reads reads) {
    this.reads = reads;
  }

  Answer all(Call call) throws SQLException {
    String from = call.fromAgent().map(AgentId::toString).orElse("");
    int limit = call.limit();
    return reads.at((rows, size) -> {
      List<ListOf> read =
          rows.list(
              LISTS,
              parameters -> parameters.add(from).add(limit + 1),
              ListOf::read,
              ListOf::chars);
      // The last one read is kept for the next page when there may be more after it.
      boolean tooLarge =
          read.stream().mapToLong(ListOf::chars).sum() > Reads.MAX_PAGE_CHARS && read.size() > 1;
      boolean more = tooLarge || read.size() > limit;
      List<ListOf> items = more ? read.subList(0, read.size() - 1) : read;
      @Nullable String next = more ? read.getLast().agent() : null;
      return Answer.json(new Page<>(size, items, next).named("agents"));
    });
  }
}
