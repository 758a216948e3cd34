package org.agentchat.ledger.server;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What is asked about all that an acceptor said of the machines of a deal, also of those that were
/// replaced.
final class DeploymentEndpoint {
  private static final String PROPOSAL = "SELECT id FROM proposal WHERE id = ?";

  private static final String STATEMENTS =
      """
      SELECT deployment_statement.*, entry_index AS "index" FROM deployment_statement
      WHERE proposal_id = ? AND entry_index >= ? ORDER BY entry_index LIMIT ?
      """;

  /// One statement as it is served.
  ///
  /// @param event that entry, exactly as the log holds it
  private record StatementAnswer(@JsonUnwrapped DeploymentAnswer.Said said, String event) {
    long index() {
      return said.index();
    }

    long chars() {
      return said.chars() + event.length();
    }
  }

  private final Reads reads;

  DeploymentEndpoint(Reads reads) {
    this.reads = reads;
  }

  Answer statements(Call call) throws SQLException {
    String id = call.proposalId();
    long from = call.fromIndex();
    int limit = call.limit();
    return reads.at((rows, size) -> {
      if (rows.one(PROPOSAL, parameters -> parameters.add(id), row -> row.getString("id"))
          .isEmpty()) {
        throw Problem.notFound("there is no proposal " + id);
      }
      List<StatementAnswer> read =
          rows.list(
              STATEMENTS,
              parameters -> parameters.add(id).add(from).add(limit + 1),
              DeploymentEndpoint::statement,
              StatementAnswer::chars);
      boolean tooLarge =
          read.stream().mapToLong(StatementAnswer::chars).sum() > Reads.MAX_PAGE_CHARS;
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("id", id);
      json.putAll(Page.of(size, read, limit, tooLarge, StatementAnswer::index).named("statements"));
      return Answer.json(json);
    });
  }

  private static StatementAnswer statement(ResultSet row) throws SQLException {
    return new StatementAnswer(DeploymentAnswer.Said.read(row, ""), row.getString("event"));
  }
}
