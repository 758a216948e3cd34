package org.agentchat.ledger.server;

import java.sql.SQLException;
import java.util.Set;

/// One path of the API and who answers it. Everything is read with GET; with POST something is
/// computed, and nothing kept.
///
/// @param template with `{id}` for a part that varies
/// @param parameters the query parameters that it takes
/// @param maxBody bytes of a body that are read at the most, one more if there are more; 0 for GET
record Route(String template, Set<String> parameters, int maxBody, Endpoint endpoint) {
  /// Answers one request, on a virtual thread of its own.
  @FunctionalInterface
  interface Endpoint {
    Answer answer(Call call) throws SQLException;
  }

  static Route of(String template, Endpoint endpoint) {
    return new Route(template, Set.of(), 0, endpoint);
  }

  static Route limited(String template, Endpoint endpoint) {
    return new Route(template, Set.of("limit"), 0, endpoint);
  }

  static Route paged(String template, Endpoint endpoint) {
    return new Route(template, Set.of("from", "limit"), 0, endpoint);
  }

  static Route posted(String template, Set<String> parameters, int maxBody, Endpoint endpoint) {
    return new Route(template, parameters, maxBody, endpoint);
  }

  boolean isPosted() {
    return maxBody > 0;
  }

  /// For the header `Allow`.
  String allowed() {
    return isPosted() ? "POST, OPTIONS" : "GET, HEAD, OPTIONS";
  }
}
