package org.agentchat.ledger.server;

import java.sql.SQLException;
import java.util.Set;

/// One path of the API and who answers it. Everything is read with GET.
///
/// @param template with `{id}` for a part that varies
/// @param parameters the query parameters that it takes
record Route(String template, Set<String> parameters, Endpoint endpoint) {
  /// Answers one request, on a virtual thread of its own.
  @FunctionalInterface
  interface Endpoint {
    Answer answer(Call call) throws SQLException;
  }

  static Route of(String template, Endpoint endpoint) {
    return new Route(template, Set.of(), endpoint);
  }

  static Route limited(String template, Endpoint endpoint) {
    return new Route(template, Set.of("limit"), endpoint);
  }

  static Route paged(String template, Endpoint endpoint) {
    return new Route(template, Set.of("from", "limit"), endpoint);
  }
}
